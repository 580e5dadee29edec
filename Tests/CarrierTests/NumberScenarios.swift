import Foundation
import Testing
import Twilio

extension ScenarioTests {
    @Test func `numbers are searched, bought, set up, moved and given back`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.numbers) { world in
            try await available(world)
            try await incoming(world)
            try await regulated(world)
        }
    }

    private func available(_ world: CarrierWorld) async throws {
        let numbers = world.client.availablePhoneNumbers
        let country = try #require(CountryCode("US"))
        let countries = world.did("AvailablePhoneNumbers.countries()", try await numbers.countries())
        #expect(Set(countries.map(\.countryCode)) == ["US", "CA"])
        #expect(
            try await world.did("AvailablePhoneNumbers.country(_:)", numbers.country(country)).country
                == "United States")
        func search(
            _ type: PhoneNumberType, _ change: (inout AvailablePhoneNumber.Search) -> Void
        ) async throws -> [AvailablePhoneNumber] {
            world.did(
                "AvailablePhoneNumbers.search(in:_:_:)",
                try await numbers.search(in: country, type, with(.init(), change)))
        }
        let found = try await search(.local) {
            $0.areaCode = 212
            $0.smsEnabled = true
            $0.pageSize = 5
        }
        #expect(found.count == 5 && found.allSatisfy { $0.phoneNumber.hasPrefix("+1212555") })
        let near = try await search(.local) {
            $0.nearLatLong = "37.77,-122.42"
            $0.distance = 30
            $0.pageSize = 200
        }
        #expect(Set(near.map(\.locality)) == ["San Francisco"])
        #expect(try await search(.tollFree) { $0.contains = "8885550142" }.count == 1)
        #expect(try await search(.mobile) { _ in }.isEmpty)
        #expect(try await search(.local) { $0.areaCode = 808 }.isEmpty == false)
        let free = try await search(.local) {
            $0.areaCode = 808
            $0.excludeAllAddressRequired = true
        }
        #expect(free.isEmpty)
        await refused(21451, .permanent) { try await search(.local) { $0.areaCode = 4 } }
        await refused(20404, .permanent) { try await numbers.country(#require(CountryCode("XX"))) }
    }

    private func incoming(_ world: CarrierWorld) async throws {
        let client = world.client
        let numbers = client.incomingPhoneNumbers
        let before = try await all(numbers.list()).count
        var bought: [IncomingPhoneNumber] = []
        for number in 0..<3 {
            let order = with(IncomingPhoneNumber.Creation(.phoneNumber("+1617555010\(number)"))) {
                $0.smsUrl = "https://hooks.example/s"
            }
            bought.append(try world.made("IncomingPhoneNumbers.create(_:)", await numbers.create(order)))
        }
        #expect(
            bought[0].capabilities?.sms == true
                && bought[0].addressRequirements == IncomingPhoneNumber.AddressRequirement.none)
        let listed = try await world.paged("IncomingPhoneNumbers.list(_:pageSize:)") { numbers.list(pageSize: $0) }
        #expect(listed.count == before + 3)
        #expect(try await all(numbers.list(with(.init()) { $0.phoneNumber = "+16175550101" })).count == 1)
        let sid = bought[0].sid
        let named = try await numbers.update(sid, with(.init()) { $0.friendlyName = "Front desk" })
        #expect(world.did("IncomingPhoneNumbers.update(_:_:)", named).friendlyName == "Front desk")
        let fetched = world.did("IncomingPhoneNumbers.fetch(_:)", try await numbers.fetch(sid))
        #expect(fetched.smsUrl == "https://hooks.example/s" && fetched.friendlyName == "Front desk")
        #expect(try await numbers.update(sid, with(.init()) { $0.smsUrl = "" }).smsUrl == nil)
        refused(21422, .permanent, await numbers.create(.init(.phoneNumber("+16175550101"))))
        refused(21421, .permanent, await numbers.create(.init(.phoneNumber("33"))))
        refused(21451, .permanent, await numbers.create(.init(.areaCode("99"))))
        refused(21452, .permanent, await numbers.create(.init(.areaCode("999"))))
        await refused(21402, .permanent) { try await numbers.update(sid, with(.init()) { $0.smsUrl = "nowhere" }) }
        try await typed(world)
        // To a subaccount and away.
        let branch = try accepted(await client.accounts.create()).account.sid
        #expect(try await numbers.update(sid, with(.init()) { $0.accountSid = branch }).accountSid == branch)
        await refused(20404, .permanent) { try await numbers.fetch(sid) }
        try await client.subaccount(branch).incomingPhoneNumbers.delete(sid)
        world.did("IncomingPhoneNumbers.delete(_:)", try await numbers.delete(bought[1].sid))
        #expect(try accepted(await numbers.create(.init(.phoneNumber("+16175550101")))).sid != bought[1].sid)
    }

    private func typed(_ world: CarrierWorld) async throws {
        let numbers = world.client.incomingPhoneNumbers
        for (type, number) in [(PhoneNumberType.local, "+16175550110"), (.tollFree, "+18885550110")] {
            let outcome = await numbers.of(type).create(.init(.phoneNumber(number)))
            #expect(try world.made("TypedPhoneNumbers.create(_:)", outcome).phoneNumber == number)
        }
        refused(21422, .permanent, await numbers.of(.mobile).create(.init(.phoneNumber("+16175550111"))))
        let local = try await world.paged("TypedPhoneNumbers.list(_:pageSize:)") {
            numbers.of(.local).list(pageSize: $0)
        }
        #expect(local.contains { $0.phoneNumber == "+16175550110" })
        #expect(try await all(numbers.of(.tollFree).list()).map(\.phoneNumber) == ["+18885550110"])
        #expect(try await all(numbers.of(.mobile).list()).isEmpty)
    }

    /// Numbers that need an address, and a local one.
    private func regulated(_ world: CarrierWorld) async throws {
        let client = world.client
        func address(_ city: String, _ country: String) async throws -> AddressSid {
            try accepted(
                await client.addresses.create(
                    .init(
                        customerName: "Clinic", street: "1 Example Street", city: city, region: "XX", postalCode: "1",
                        isoCountry: country))
            ).sid
        }
        func buy(_ number: String, _ address: AddressSid? = nil) async -> CreationOutcome<IncomingPhoneNumber> {
            await client.incomingPhoneNumbers.create(with(.init(.phoneNumber(number))) { $0.addressSid = address })
        }
        refused(21631, .fixAccount, await buy("+18085550100"))
        let here = try await address("Honolulu", "US")
        let there = try await address("Vancouver", "CA")
        #expect(try accepted(await buy("+18085550100", here)).addressRequirements == .any)
        #expect(
            try await all(client.addresses.dependentPhoneNumbers(of: here)).map(\.phoneNumber) == ["+18085550100"])
        await refused(20409, .retryLater) { try await client.addresses.delete(here) }
        refused(21615, .fixAccount, await buy("+16045550100", here))
        _ = try accepted(await buy("+16045550100", there))
    }

    @Test func `numbers are ported in`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.porting) { world in
            let porting = world.client.porting
            let number = try segment("+14155550150")
            let check = world.did("Porting.portability(of:_:)", try await porting.portability(of: number))
            #expect(check.portable == true && check.numberType == .local)
            #expect(try await porting.portability(of: segment("+18885550150")).portable == false)
            let webhook = with(PortingWebhook.Creation()) {
                $0.portInTargetUrl = world.hooks.url("/port")
                $0.notificationsOf = ["PortInCompleted"]
            }
            let configured = try world.made("Porting.createWebhook(_:)", await porting.createWebhook(webhook))
            #expect(configured.notificationsOf == ["PortInCompleted"])
            let carrier = with(LosingCarrierInformation()) {
                $0.customerName = "North Clinic"
                $0.customerType = "Business"
                $0.authorizedRepresentative = "Office"
                $0.authorizedRepresentativeEmail = "office@clinic.example"
            }
            let paper = try #require(SupportingDocumentSid("RD" + String(repeating: "a", count: 32)))
            func order(_ documents: [SupportingDocumentSid]) -> PortIn.Creation {
                PortIn.Creation(
                    accountSid: world.client.account, documents: documents,
                    phoneNumbers: [.init("+14155550150", pin: "1234")], losingCarrierInformation: carrier)
            }
            var made: [PortIn] = []
            for _ in 0..<3 { made.append(try world.made("Porting.create(_:)", await porting.create(order([paper])))) }
            #expect(made[0].portInRequestStatus == "In review")
            refused(20001, .permanent, await porting.create(order([])))
            let fetched = world.did("Porting.fetch(_:)", try await porting.fetch(made[0].portInRequestSid))
            let part = try #require(fetched.phoneNumbers?.first?.portInPhoneNumberSid)
            let inPart = try await porting.fetchPhoneNumber(part, of: made[0].portInRequestSid)
            #expect(world.did("Porting.fetchPhoneNumber(_:of:)", inPart).phoneNumber == "+14155550150")
            let listed = try await world.paged("Porting.list(_:size:)") { porting.list(size: $0) }
            #expect(Set(listed.map(\.portInRequestSid)) == Set(made.map(\.portInRequestSid)))
            let second = made[1].portInRequestSid
            let other = try #require(try await porting.fetch(second).phoneNumbers?.first?.portInPhoneNumberSid)
            world.did("Porting.deletePhoneNumber(_:of:)", try await porting.deletePhoneNumber(other, of: second))
            world.did("Porting.delete(_:)", try await porting.delete(made[2].portInRequestSid))
            #expect(try await porting.fetch(made[2].portInRequestSid).portInRequestStatus == "Canceled")
            try await world.until(step: 30) {
                try await porting.fetch(made[0].portInRequestSid).portInRequestStatus == "Completed"
            }
            _ = try await world.told("/port")
            #expect(world.hooks.bodies(at: "/port")[0].contains("\"PortInCompleted\""))
            let numbers = world.client.incomingPhoneNumbers
            #expect(try await all(numbers.list(with(.init()) { $0.phoneNumber = "+14155550150" })).count == 1)
            let hook = world.did("Porting.fetchWebhook()", try await porting.fetchWebhook())
            #expect(hook.portInTargetUrl == world.hooks.url("/port"))
            world.did("Porting.deleteWebhook(_:)", try await porting.deleteWebhook(.portIn))
            await refused(20404, .permanent) { try await porting.fetch(unknown()) }
        }
    }
}
