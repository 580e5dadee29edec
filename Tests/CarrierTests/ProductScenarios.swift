import Curl
import Foundation
import Testing
import Twilio

extension ScenarioTests {
    @Test func `numbers are looked up, and prices`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.lookupsAndPricing) { world in
            let lookups = world.client.lookups
            let patient = try segment("+14155550123")
            let plain = world.did("Lookups.fetch(_:_:)", try await lookups.fetch(patient))
            #expect(plain.valid && plain.countryCode == "US" && plain.lineTypeIntelligence == nil)
            let asked = Lookup.Query([.lineTypeIntelligence, .callerName, .simSwap])
            let fields = try await lookups.fetch(segment("+14155550129"), asked)
            #expect(fields.lineTypeIntelligence?.type == "landline" && fields.callerName?.callerName != nil)
            let wrong = try await lookups.fetch(segment("+141555501239"))
            #expect(!wrong.valid && wrong.validationErrors == ["TOO_LONG"])
            let national = with(Lookup.Query()) { $0.countryCode = "US" }
            #expect(try await lookups.fetch(segment("4155550123"), national).phoneNumber == "+14155550123")
            let more = Lookup.Query([.callForwarding, .lineStatus, .identityMatch, .reassignedNumber, .smsPumpingRisk])
            #expect(try await lookups.fetch(patient, more).smsPumpingRisk?.carrierRiskCategory == "low")
            try await prices(world)
        }
    }

    private func prices(_ world: CarrierWorld) async throws {
        let pricing = world.client.pricing
        let us = try #require(CountryCode("US"))
        let nowhere = try #require(CountryCode("XX"))
        func countries(_ name: String, _ list: @escaping (Int) -> ResourceList<PricingCountry>) async throws {
            let found = try await world.paged("\(name).countries(pageSize:)") { list($0) }
            #expect(Set(found.map(\.isoCountry)) == ["CA", "GB", "US"], "\(name)")
        }
        try await countries("MessagingPricing") { pricing.messaging.countries(pageSize: $0) }
        try await countries("PhoneNumberPricing") { pricing.phoneNumbers.countries(pageSize: $0) }
        try await countries("VoicePricing") { pricing.voice.countries(pageSize: $0) }
        try await countries("VoicePricingV1") { pricing.voiceV1.countries(pageSize: $0) }
        let messaging = world.did("MessagingPricing.fetch(_:)", try await pricing.messaging.fetch(us))
        #expect(messaging.priceUnit == "USD" && messaging.inboundSmsPrices?.first?.currentPrice != nil)
        let numbers = world.did("PhoneNumberPricing.fetch(_:)", try await pricing.phoneNumbers.fetch(us))
        #expect(numbers.phoneNumberPrices?.isEmpty == false)
        #expect(try await world.did("VoicePricing.fetch(_:)", pricing.voice.fetch(us)).priceUnit == "USD")
        #expect(try await world.did("VoicePricingV1.fetch(_:)", pricing.voiceV1.fetch(us)).priceUnit == "USD")
        let patient = try segment("+14155550123")
        let call = try await pricing.voice.fetch(to: patient, from: CarrierWorld.own)
        #expect(world.did("VoicePricing.fetch(to:from:)", call).isoCountry == "US")
        let older = try await pricing.voiceV1.fetch(number: patient)
        #expect(world.did("VoicePricingV1.fetch(number:)", older).isoCountry == "US")
        await refused(20404, .permanent) { try await pricing.messaging.fetch(nowhere) }
        await refused(20404, .permanent) { try await pricing.voice.fetch(nowhere) }
    }

    @Test func `codes are sent and checked`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.verify) { world in
            let services = world.client.verifyServices
            var made: [VerifyService] = []
            for number in 0..<3 {
                let outcome = await services.create(.init(friendlyName: "Sign-in \(number)"))
                made.append(try world.made("VerifyServices.create(_:)", outcome))
            }
            let sid = made[0].sid
            #expect(try await world.did("VerifyServices.fetch(_:)", services.fetch(sid)).codeLength == 6)
            let shorter = try await services.update(
                sid,
                with(.init()) {
                    $0.codeLength = 4
                    $0.skipSmsToLandlines = true
                })
            #expect(world.did("VerifyServices.update(_:_:)", shorter).codeLength == 4)
            #expect(
                try await world.paged("VerifyServices.list(pageSize:)") { services.list(pageSize: $0) }.count == 3)
            world.did("VerifyServices.delete(_:)", try await services.delete(made[2].sid))
            await refused(20404, .permanent) { try await services.fetch(made[2].sid) }
            try await checked(world, sid)
            try await wornOut(world, sid)
        }
    }

    private func checked(_ world: CarrierWorld, _ service: VerifyServiceSid) async throws {
        let services = world.client.verifyServices
        let verifications = services.verifications(of: service)
        let sent = try world.made(
            "Verifications.create(_:)", await verifications.create(.init(to: "+14155550123", channel: .sms)))
        #expect(sent.status == .pending && sent.sendCodeAttempts?.count == 1)
        let fetched = try await verifications.fetch(.sid(sent.sid))
        #expect(world.did("Verifications.fetch(_:)", fetched).to == "+14155550123")
        #expect(try await verifications.fetch(.to(segment("+14155550123"))).sid == sent.sid)
        guard
            case .array(let known)? = try await world.control(.get, "/verifications?to=%2B14155550123")["verifications"],
            case .string(let code)? = known.first?["code"]
        else {
            Issue.record("the sandbox tells no code")
            return
        }
        #expect(code.count == 4)
        func check(_ code: String, _ change: (inout VerificationCheck.Creation) -> Void) async
            -> CreationOutcome<VerificationCheck>
        {
            await services.createCheck(
                of: service,
                with(.init()) {
                    $0.code = code
                    change(&$0)
                })
        }
        let wrong = try world.made(
            "VerifyServices.createCheck(of:_:)", await check("0") { $0.to = "+14155550123" })
        #expect(wrong.status == .pending && wrong.valid == false)
        let right = try accepted(await check(code) { $0.verificationSid = sent.sid })
        #expect(right.status == .approved && right.valid == true)
        refused(20404, .permanent, await check(code) { $0.to = "+14155550123" })
        let again = try accepted(await verifications.create(.init(to: "+14155550124", channel: .call)))
        let canceled = try await verifications.update(.sid(again.sid), .init(status: .canceled))
        #expect(world.did("Verifications.update(_:_:)", canceled).status == .canceled)
    }

    private func wornOut(_ world: CarrierWorld, _ service: VerifyServiceSid) async throws {
        let services = world.client.verifyServices
        func send(_ to: String) async -> CreationOutcome<Verification> {
            await services.verifications(of: service).create(.init(to: to, channel: .sms))
        }
        func guess() async -> CreationOutcome<VerificationCheck> {
            await services.createCheck(
                of: service,
                with(.init()) {
                    $0.code = "0"
                    $0.to = "+14155550125"
                })
        }
        refused(60200, .permanent, await send("nobody"))
        refused(60205, .permanent, await send("+14155550129"))
        for _ in 0..<5 { _ = try accepted(await send("+14155550125")) }
        refused(60203, .retryLater, await send("+14155550125"))
        for _ in 0..<5 { _ = try accepted(await guess()) }
        refused(60202, .retryLater, await guess())
    }
}
