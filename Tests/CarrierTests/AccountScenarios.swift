import Foundation
import Testing
import Twilio
import TwilioSandbox
import Vault

extension ScenarioTests {
    @Test func `accounts are made, listed, suspended and closed`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.accounts) { world in
            let client = world.client
            let own = world.did("Accounts.fetch()", try await client.accounts.fetch())
            #expect(own.status == .active && own.type == .full && own.ownerAccountSid == client.account)
            var made: [NewAccount] = []
            for number in 0..<3 {
                let outcome = await client.accounts.create(with(.init()) { $0.friendlyName = "Branch \(number)" })
                made.append(try world.made("Accounts.create(_:)", outcome))
            }
            let sids = made.map(\.account.sid)
            #expect(made[0].authToken.count == 32 && made[0].account.ownerAccountSid == client.account)
            #expect(
                try await world.did("Accounts.fetch(_:)", client.accounts.fetch(sids[1])).friendlyName == "Branch 1")
            let listed = try await world.paged("Accounts.list(_:pageSize:)") { client.accounts.list(pageSize: $0) }
            #expect(listed.map(\.sid) == sids.reversed() + [client.account])
            let named = try await all(client.accounts.list(with(.init()) { $0.friendlyName = "Branch 1" }))
            #expect(named.map(\.sid) == [sids[1]])
            let suspended = try await client.accounts.update(sids[0], with(.init()) { $0.status = .suspended })
            #expect(world.did("Accounts.update(_:_:)", suspended).status == .suspended)
            #expect(try await all(client.accounts.list(with(.init()) { $0.status = .suspended })).count == 1)
            // The owner speaks for its subaccounts; a suspended one is not spoken for.
            await refused(20005, .fixAccount) { try await all(client.subaccount(sids[0]).messages.list()) }
            #expect(try await all(client.subaccount(sids[1]).messages.list()).isEmpty)
            let closed = try await client.accounts.update(sids[2], with(.init()) { $0.status = .closed })
            #expect(closed.status == .closed)
            await refused(20001, .permanent) {
                try await client.accounts.update(sids[2], with(.init()) { $0.status = .active })
            }
            let balance = world.did("TwilioClient.balance()", try await client.balance())
            #expect(balance.currency == "USD" && balance.balance > 0 && balance.accountSid == client.account)
            await refused(20003, .fixCredential) { try await client.accounts.fetch(unknown()) }
        }
    }

    @Test func `keys and tokens sign in, and stop to when they are gone`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.credentials) { world in
            try await keys(world)
            try await newerKeys(world)
            try await tokens(world)
        }
    }

    private func keys(_ world: CarrierWorld) async throws {
        let keys = world.client.keys
        var made: [NewKey] = []
        for number in 0..<3 {
            let outcome = await keys.create(with(.init()) { $0.friendlyName = "key \(number)" })
            made.append(try world.made("Keys.create(_:)", outcome))
        }
        let sid = made[0].key.sid
        let byKey = try world.client(key: sid, secret: made[0].secret)
        #expect(try await all(byKey.messages.list()).isEmpty)
        // A standard key sees neither the account nor keys, and is none the worse for having asked.
        for _ in 0..<4 {
            await refused(20003, .fixCredential) { try await byKey.accounts.fetch() }
            await refused(20003, .fixCredential) { try await all(byKey.keys.list()) }
        }
        #expect(try await world.did("Keys.fetch(_:)", keys.fetch(sid)).friendlyName == "key 0")
        let renamed = try await keys.update(sid, with(.init()) { $0.friendlyName = "renamed" })
        #expect(world.did("Keys.update(_:_:)", renamed).friendlyName == "renamed")
        let listed = try await world.paged("Keys.list(pageSize:)") { keys.list(pageSize: $0) }
        #expect(Set(listed.map(\.sid)).isSuperset(of: made.map(\.key.sid)))
        world.did("Keys.delete(_:)", try await keys.delete(sid))
        await refused(20404, .permanent) { try await keys.fetch(sid) }
        await refused(20003, .fixCredential) { try await all(byKey.messages.list()) }
    }

    private func newerKeys(_ world: CarrierWorld) async throws {
        let keys = world.client.iamKeys
        let account = world.client.account
        var made: [NewKey] = []
        for number in 0..<2 {
            let outcome = await keys.create(with(.init(accountSid: account)) { $0.friendlyName = "newer \(number)" })
            made.append(try world.made("IamKeys.create(_:)", outcome))
        }
        let sid = made[0].key.sid
        #expect(try await world.did("IamKeys.fetch(_:)", keys.fetch(sid)).friendlyName == "newer 0")
        let renamed = try await keys.update(sid, with(.init()) { $0.friendlyName = "n" })
        #expect(world.did("IamKeys.update(_:_:)", renamed).friendlyName == "n")
        let listed = try await world.paged("IamKeys.list(_:pageSize:)") {
            keys.list(.init(accountSid: account), pageSize: $0)
        }
        #expect(Set(listed.map(\.sid)).isSuperset(of: made.map(\.key.sid)))
        world.did("IamKeys.delete(_:)", try await keys.delete(sid))
        await refused(20404, .permanent) { try await keys.fetch(sid) }
    }

    private func tokens(_ world: CarrierWorld) async throws {
        let client = world.client
        let second = try world.made("AuthTokens.createSecondary()", await client.authTokens.createSecondary())
        let bySecond = try world.client(of: client.account, token: second.token)
        #expect(try await all(bySecond.messages.list()).isEmpty)
        world.did("AuthTokens.deleteSecondary()", try await client.authTokens.deleteSecondary())
        await refused(20003, .fixCredential) { try await all(bySecond.messages.list()) }
        // Promotion in a subaccount, so that ours stays.
        let branch = try accepted(await client.accounts.create())
        let rotating = try world.client(of: branch.account.sid, token: branch.authToken)
        _ = try accepted(await rotating.authTokens.createSecondary())
        let promoted = try world.made("AuthTokens.promote()", await rotating.authTokens.promote())
        await refused(20003, .fixCredential) { try await all(rotating.messages.list()) }
        let after = try world.client(of: branch.account.sid, token: promoted.token)
        #expect(try await all(after.messages.list()).isEmpty)
    }

    @Test func `addresses and caller ids are kept and verified`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.addresses) { world in
            try await addresses(world)
            try await callerIds(world)
        }
    }

    private func addresses(_ world: CarrierWorld) async throws {
        let addresses = world.client.addresses
        func address(_ name: String) -> Address.Creation {
            with(
                Address.Creation(
                    customerName: name, street: "1 Example Street", city: "Denver", region: "CO", postalCode: "80202",
                    isoCountry: "US")
            ) { $0.friendlyName = name }
        }
        var made: [Address] = []
        for number in 0..<3 {
            made.append(try world.made("Addresses.create(_:)", await addresses.create(address("Customer \(number)"))))
        }
        let sid = made[0].sid
        #expect(try await world.did("Addresses.fetch(_:)", addresses.fetch(sid)).city == "Denver")
        let changed = try await addresses.update(sid, with(.init()) { $0.city = "Boulder" })
        #expect(world.did("Addresses.update(_:_:)", changed).city == "Boulder")
        let listed = try await world.paged("Addresses.list(_:pageSize:)") { addresses.list(pageSize: $0) }
        #expect(listed.map(\.sid) == made.map(\.sid).reversed())
        #expect(try await all(addresses.list(with(.init()) { $0.customerName = "Customer 1" })).count == 1)
        #expect(try await all(addresses.list(with(.init()) { $0.isoCountry = "CA" })).isEmpty)
        let dependents = addresses.dependentPhoneNumbers(of: sid)
        #expect(try await world.listed("Addresses.dependentPhoneNumbers(of:pageSize:)", dependents).isEmpty)
        world.did("Addresses.delete(_:)", try await addresses.delete(sid))
        await refused(20404, .permanent) { try await addresses.fetch(sid) }
        refused(20001, .permanent, await addresses.create(with(address("x")) { $0.customerName = "" }))
    }

    private func callerIds(_ world: CarrierWorld) async throws {
        let ids = world.client.outgoingCallerIds
        func ask(_ number: String) async -> CreationOutcome<ValidationRequest> {
            await ids.create(
                with(.init(phoneNumber: number)) {
                    $0.friendlyName = "Desk"
                    $0.statusCallback = world.hooks.url("/validated")
                })
        }
        func verified(_ number: String) async throws -> [OutgoingCallerId] {
            try await all(ids.list(with(.init()) { $0.phoneNumber = number }))
        }
        let asked = try world.made("OutgoingCallerIds.create(_:)", await ask("+14155550170"))
        #expect(asked.validationCode?.count == 6)
        try await world.until { try await verified("+14155550170").isEmpty == false }
        _ = try accepted(await ask("+14155550171"))
        try await world.until { try await verified("+14155550171").isEmpty == false }
        let told = try await world.told("/validated")
        #expect(told[0]["VerificationStatus"] == "success" && told[0]["CallSid"] == asked.callSid?.text)
        let listed = try await world.paged("OutgoingCallerIds.list(_:pageSize:)") { ids.list(pageSize: $0) }
        let sid = try #require(listed.last).sid
        #expect(try await world.did("OutgoingCallerIds.fetch(_:)", ids.fetch(sid)).friendlyName == "Desk")
        let renamed = try await ids.update(sid, with(.init()) { $0.friendlyName = "Bell" })
        #expect(world.did("OutgoingCallerIds.update(_:_:)", renamed).friendlyName == "Bell")
        refused(21450, .permanent, await ask("+14155550170"))
        world.did("OutgoingCallerIds.delete(_:)", try await ids.delete(sid))
        await refused(20404, .permanent) { try await ids.fetch(sid) }
    }

    @Test func `usage adds up, and triggers fire`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.usage) { world in
            let triggers = world.client.usageTriggers
            var made: [UsageTrigger] = []
            for value in ["1", "+1000000"] {
                let trigger = with(
                    UsageTrigger.Creation(
                        callbackUrl: world.hooks.url("/trigger"), triggerValue: value, usageCategory: "sms")
                ) { $0.triggerBy = .count }
                made.append(try world.made("UsageTriggers.create(_:)", await triggers.create(trigger)))
            }
            #expect(made[0].currentValue == 0 && made[0].dateFired == nil)
            #expect(try await world.did("UsageTriggers.fetch(_:)", triggers.fetch(made[0].sid)).triggerValue == 1)
            let renamed = try await triggers.update(made[1].sid, with(.init()) { $0.friendlyName = "far" })
            #expect(world.did("UsageTriggers.update(_:_:)", renamed).friendlyName == "far")
            let listed = try await world.paged("UsageTriggers.list(_:pageSize:)") { triggers.list(pageSize: $0) }
            #expect(listed.count == 2)
            #expect(try await all(triggers.list(with(.init()) { $0.usageCategory = "calls" })).isEmpty)
            let message = try accepted(
                await world.client.messages.create(
                    .init(to: "+14155550123", sender: .from(CarrierWorld.own), body: "one segment")))
            try await world.until { try await world.client.messages.fetch(message.sid).status == .delivered }
            let told = try await world.told("/trigger")
            #expect(told[0]["UsageTriggerSid"] == made[0].sid.text && told[0]["CurrentValue"] == "1")
            #expect(try await triggers.fetch(made[0].sid).dateFired != nil)
            world.did("UsageTriggers.delete(_:)", try await triggers.delete(made[0].sid))
            await refused(20404, .permanent) { try await triggers.fetch(made[0].sid) }
            try await records(world)
        }
    }

    private func records(_ world: CarrierWorld) async throws {
        let records = world.client.usageRecords
        let every = try await world.paged("UsageRecords.list(_:_:pageSize:)") { records.list(pageSize: $0) }
        let byCategory = Dictionary(every.map { ($0.category, $0) }, uniquingKeysWith: { one, _ in one })
        for category in ["sms", "sms-outbound", "sms-outbound-longcode"] {
            #expect(byCategory[category]?.count == 1, "\(category)")
            #expect(byCategory[category]?.price == Decimal(string: "0.0079"), "\(category)")
        }
        for span in UsageRecord.Span.allCases {
            let rows = try await all(records.list(span, with(.init()) { $0.category = "sms" }))
            let count = rows.compactMap(\.count).reduce(0, +)
            #expect(count == (span == .lastMonth || span == .yesterday ? 0 : 1), "\(span)")
        }
        let before = with(UsageRecord.Filter()) {
            $0.category = "sms"
            $0.endDate = Day("2023-11-13")
        }
        #expect(try await all(records.list(.daily, before)).compactMap(\.count).reduce(0, +) == 0)
    }

    @Test func `test credentials reach magic numbers, and trial accounts just whom they know`() async throws {
        try await CarrierWorld.run { world in
            let tester = try world.client(
                of: #require(CarrierWorld.clinic.testSid), token: #require(CarrierWorld.clinic.testAuthToken))
            func send(_ to: String, _ from: String = "+15005550006") async -> CreationOutcome<Message> {
                await tester.messages.create(.init(to: to, sender: .from(from), body: "x"))
            }
            #expect(try accepted(await send("+14155550123")).status == .queued)
            refused(21212, .fixNumber, await send("+14155550123", "+15005550001"))
            refused(21606, .fixNumber, await send("+14155550123", "+15005550007"))
            refused(21211, .permanent, await send("+15005550001"))
            refused(21612, .fixNumber, await send("+15005550002"))
            refused(21408, .fixAccount, await send("+15005550003"))
            refused(21610, .permanent, await send("+15005550004"))
            refused(21614, .permanent, await send("+15005550009"))
            refused(21611, .retryLater, await send("+14155550123", "+15005550008"))
            func call(_ to: String) async -> CreationOutcome<Call> {
                await tester.calls.create(
                    with(.init(to: to, from: "+15005550006")) { $0.url = "https://hooks.example/v" })
            }
            refused(21217, .permanent, await call("+15005550001"))
            refused(21214, .permanent, await call("+15005550002"))
            refused(21215, .fixAccount, await call("+15005550003"))
            refused(21216, .permanent, await call("+15005550004"))
            func buy(_ number: IncomingPhoneNumber.Creation.Purchase) async -> CreationOutcome<IncomingPhoneNumber> {
                await tester.incomingPhoneNumbers.create(.init(number))
            }
            #expect(try accepted(await buy(.phoneNumber("+15005550006"))).phoneNumber == "+15005550006")
            refused(21422, .permanent, await buy(.phoneNumber("+15005550000")))
            refused(21421, .permanent, await buy(.phoneNumber("+15005550001")))
            refused(21452, .permanent, await buy(.areaCode("533")))
            await refused(20008, .fixCredential) { try await all(tester.messages.list()) }

            let trying = try world.client(of: CarrierWorld.firm.sid, token: CarrierWorld.firm.authToken)
            func text(_ to: String) async -> CreationOutcome<Message> {
                await trying.messages.create(.init(to: to, sender: .from("+13035550100"), body: "x"))
            }
            refused(21608, .fixAccount, await text("+14155550188"))
            _ = try accepted(await text("+14155550111"))
            refused(
                21219, .fixAccount,
                await trying.calls.create(
                    with(.init(to: "+14155550188", from: "+13035550100")) { $0.twiml = "<Response/>" }))
            refused(21404, .fixAccount, await trying.incomingPhoneNumbers.create(.init(.areaCode("212"))))
        }
    }
}
