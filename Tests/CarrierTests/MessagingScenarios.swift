import Curl
import Foundation
import Testing
import Twilio

extension ScenarioTests {
    @Test func `messages are sent, followed, listed, redacted and deleted`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.messages) { world in
            try await lives(world)
            try await refusals(world)
            try await media(world)
            try await optOut(world)
            try await limits(world)
        }
    }

    private func send(
        _ world: CarrierWorld, to: String = "+14155550123", _ change: (inout Message.Creation) -> Void = { _ in }
    ) async -> CreationOutcome<Message> {
        await world.client.messages.create(
            with(.init(to: to, sender: .from(CarrierWorld.own), body: "x"), change))
    }

    private func lives(_ world: CarrierWorld) async throws {
        let messages = world.client.messages
        var made: [Message] = []
        for number in 0..<3 {
            let outcome = await send(world, to: "+1415555014\(number)") {
                $0.body = number > 0 ? "Grüße 👋" : "Hello"
                $0.statusCallback = world.hooks.url("/status")
                $0.provideFeedback = true
            }
            made.append(try world.made("Messages.create(_:lastLook:)", outcome))
        }
        let sid = made[0].sid
        #expect(made[0].status == .queued && made[0].numSegments == 1 && made[0].price == nil)
        #expect(made[1].body == "Grüße 👋")
        try await world.until { try await messages.fetch(made[2].sid).status == .delivered }
        let done = world.did("Messages.fetch(_:)", try await messages.fetch(sid))
        #expect(done.price == Decimal(string: "-0.0079") && done.direction == .outboundAPI && done.dateSent != nil)
        let told = try await world.told("/status", count: 6)
        #expect(told.filter { $0["MessageSid"] == sid.text }.map { $0["MessageStatus"] } == ["sent", "delivered"])
        let listed = try await world.paged("Messages.list(_:pageSize:)") { messages.list(pageSize: $0) }
        #expect(listed.map(\.sid) == made.map(\.sid).reversed())
        #expect(try await all(messages.list(with(.init()) { $0.to = "+14155550141" })).map(\.sid) == [made[1].sid])
        try await filtered(world, sent: #require(done.dateSent), count: 3)
        let feedback = await messages.createFeedback(of: sid, with(.init()) { $0.outcome = .confirmed })
        #expect(try world.made("Messages.createFeedback(of:_:)", feedback).outcome == .confirmed)
        let redacted = world.did("Messages.update(_:_:)", try await messages.update(sid, .redact))
        #expect(redacted.body == nil)
        world.did("Messages.delete(_:)", try await messages.delete(sid))
        await refused(20404, .permanent) { try await messages.fetch(sid) }
        // A list does not lose its place when what it showed is deleted.
        for try await message in messages.list(pageSize: 1) { try await messages.delete(message.sid) }
        #expect(try await all(messages.list()).isEmpty)
        let failing = try accepted(
            await send(world, to: "+15005553005") { $0.statusCallback = world.hooks.url("/failed") })
        try await world.until { try await messages.fetch(failing.sid).status == .undelivered }
        #expect(try await messages.fetch(failing.sid).errorCode == 30005)
        #expect(try await world.told("/failed", count: 2)[1]["ErrorCode"] == "30005")
    }

    /// By time: whole days and instants, on either side and within.
    private func filtered(_ world: CarrierWorld, sent: Date, count: Int) async throws {
        func found(_ filter: TimeFilter) async throws -> Int {
            try await all(world.client.messages.list(with(.init()) { $0.dateSent = filter })).count
        }
        let today = try #require(Day("2023-11-14"))
        let yesterday = try #require(Day("2023-11-13"))
        #expect(try await found(TimeFilter(on: .day(today))) == count)
        #expect(try await found(TimeFilter(on: .day(yesterday))) == 0)
        #expect(try await found(TimeFilter(from: .day(today))) == count)
        #expect(try await found(TimeFilter(to: .day(yesterday))) == 0)
        #expect(try await found(TimeFilter(from: .day(yesterday), to: .day(today))) == count)
        #expect(try await found(TimeFilter(from: .instant(sent))) == count)
        #expect(try await found(TimeFilter(from: .instant(sent.addingTimeInterval(3600)))) == 0)
        #expect(try await found(TimeFilter(to: .instant(sent.addingTimeInterval(-3600)))) == 0)
    }

    private func refusals(_ world: CarrierWorld) async throws {
        refused(
            21606, .fixNumber,
            await world.client.messages.create(.init(to: "+14155550123", sender: .from("+13125550100"), body: "x")))
        refused(21211, .permanent, await send(world, to: "+1"))
        refused(21604, .permanent, await send(world, to: ""))
        refused(21617, .permanent, await send(world) { $0.body = String(repeating: "x", count: 1601) })
        refused(21619, .permanent, await send(world) { $0.body = nil })
        refused(21620, .permanent, await send(world) { $0.mediaUrl = ["no"] })
        let eleven = [String](repeating: "https://media.example/a.png", count: 11)
        refused(21623, .permanent, await send(world) { $0.mediaUrl = eleven })
        refused(21624, .permanent, await send(world) { $0.validityPeriod = 0 })
        refused(21609, .permanent, await send(world) { $0.statusCallback = "no" })
        let later = Message.Creation.Schedule(sendAt: CarrierWorld.noon.addingTimeInterval(3600))
        refused(35118, .fixNumber, await send(world) { $0.schedule = later })
        let nobody = try unknown(MessagingServiceSid.self)
        refused(21701, .fixNumber, await send(world) { $0.sender = .messagingService(nobody) })
        let template = try unknown(ContentSid.self)
        refused(
            21655, .permanent,
            await send(world) {
                $0.body = nil
                $0.contentSid = template
            })
        let waiting = try accepted(await send(world))
        await refused(20009, .retryLater) { try await world.client.messages.delete(waiting.sid) }
    }

    private func media(_ world: CarrierWorld) async throws {
        let urls = ["https://media.example/a.png", "https://media.example/b.pdf"]
        let sent = try accepted(await send(world) { $0.mediaUrl = urls })
        #expect(sent.sid.text.hasPrefix("MM") && sent.numMedia == 2)
        let files = world.client.messages.media(of: sent.sid)
        let listed = try await world.paged("MediaList.list(_:pageSize:)") { files.list(pageSize: $0) }
        #expect(listed.map(\.contentType) == ["image/png", "application/pdf"])
        let tomorrow = try #require(Day("2023-11-15"))
        let late = with(Media.Filter()) { $0.dateCreated = TimeFilter(from: .day(tomorrow)) }
        #expect(try await all(files.list(late)).isEmpty)
        #expect(try await world.did("MediaList.fetch(_:)", files.fetch(listed[0].sid)).parentSid == sent.sid)
        world.did("MediaList.delete(_:)", try await files.delete(listed[0].sid))
        #expect(try await all(files.list()).count == 1)
        try await received(world)
    }

    /// A picture that comes in lies elsewhere, where the API sends on to.
    private func received(_ world: CarrierWorld) async throws {
        try await world.control(
            .post, "/inbound",
            .object([
                "from": .string("+14155550160"), "to": .string(CarrierWorld.own), "body": .string("Photo"),
                "numMedia": .number(1),
            ]))
        let filter = with(Message.Filter()) { $0.from = "+14155550160" }
        let photo = try #require(try await all(world.client.messages.list(filter)).first)
        let files = world.client.messages.media(of: photo.sid)
        let sid = try #require(try await all(files.list()).first).sid
        let file = world.did("MediaList.fetchContent(_:upTo:)", try await files.fetchContent(sid, upTo: 1 << 20))
        #expect(file.contentType == "image/png" && file.bytes.starts(with: [0x89] + Array("PNG".utf8)))
        var bytes: [UInt8] = []
        let stream = world.did("MediaList.content(_:)", try await files.content(sid))
        for try await chunk in stream.chunks { bytes += chunk }
        #expect(bytes == file.bytes)
        await #expect(throws: MediaFetchError.tooLarge(limit: 10)) { try await files.fetchContent(sid, upTo: 10) }
        try await files.delete(sid)
        await #expect(throws: MediaFetchError.self) { try await files.fetchContent(sid, upTo: 10) }
    }

    private func optOut(_ world: CarrierWorld) async throws {
        let contact = "+14155550161"
        func says(_ word: String) async throws {
            try await world.control(
                .post, "/inbound",
                .object(["from": .string(contact), "to": .string(CarrierWorld.own), "body": .string(word)]))
        }
        try await says(" stop ")
        refused(21610, .permanent, await send(world, to: contact))
        let reply = try await all(world.client.messages.list(with(.init()) { $0.to = contact }))
        #expect(reply.first?.body?.hasPrefix("You have successfully been unsubscribed") == true)
        try await says("START")
        _ = try accepted(await send(world, to: contact))
    }

    /// A sender's queue of some seconds at one segment a second, and requests at once.
    private func limits(_ world: CarrierWorld) async throws {
        let number = try accepted(
            await world.client.incomingPhoneNumbers.create(.init(.phoneNumber("+16175550101"))))
        let path = "/accounts/\(world.client.account)"
        func hold(_ limits: [String: OpenJSON]) async throws {
            try await world.control(.post, path, .object(["limits": .object(limits)]))
        }
        try await hold(["isPaced": .bool(true), "queueSeconds": .number(3)])
        for _ in 0..<3 { _ = try accepted(await send(world) { $0.sender = .from(number.phoneNumber) }) }
        refused(21611, .retryLater, await send(world) { $0.sender = .from(number.phoneNumber) })
        try await world.advance(10)
        _ = try accepted(await send(world) { $0.sender = .from(number.phoneNumber) })
        try await hold(["concurrentRequests": .number(0)])
        refused(20429, .retryLater, await send(world))
        try await hold([:])
        _ = try accepted(await send(world))
    }

    @Test func `a messaging service chooses senders, keeps to them and waits`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.messagingServices) { world in
            let services = world.client.messagingServices
            var made: [MessagingService] = []
            for number in 0..<3 {
                let service = with(MessagingService.Creation(friendlyName: "Service \(number)")) {
                    $0.statusCallback = world.hooks.url("/service")
                }
                made.append(try world.made("MessagingServices.create(_:)", await services.create(service)))
            }
            let sid = made[0].sid
            #expect(try await world.did("MessagingServices.fetch(_:)", services.fetch(sid)).stickySender == true)
            let changed = try await services.update(
                sid,
                with(.init()) {
                    $0.areaCodeGeomatch = false
                    $0.friendlyName = "Reminders"
                })
            #expect(world.did("MessagingServices.update(_:_:)", changed).areaCodeGeomatch == false)
            #expect(changed.friendlyName == "Reminders")
            #expect(
                try await world.paged("MessagingServices.list(pageSize:)") { services.list(pageSize: $0) }.count == 3)
            world.did("MessagingServices.delete(_:)", try await services.delete(made[2].sid))
            await refused(20404, .permanent) { try await services.fetch(made[2].sid) }
            refused(21704, .fixNumber, await sendThrough(world, sid))
            try await pool(world, sid, other: made[1].sid)
            try await choice(world, sid)
            try await schedule(world, sid)
        }
    }

    private func sendThrough(
        _ world: CarrierWorld, _ service: MessagingServiceSid, to: String = "+14155550123", at: Date? = nil
    ) async -> CreationOutcome<Message> {
        await send(world, to: to) {
            $0.sender = .messagingService(service)
            $0.schedule = at.map { .init(sendAt: $0) }
        }
    }

    private func pool(_ world: CarrierWorld, _ sid: MessagingServiceSid, other: MessagingServiceSid) async throws {
        let services = world.client.messagingServices
        let numbers = services.phoneNumbers(of: sid)
        var own: [IncomingPhoneNumberSid] = []
        for number in 0..<3 {
            let bought = await world.client.incomingPhoneNumbers.create(.init(.phoneNumber("+1503555010\(number)")))
            own.append(try accepted(bought).sid)
            let joined = try world.made(
                "ServicePhoneNumbers.create(_:)", await numbers.create(.init(phoneNumberSid: own[number])))
            #expect(joined.capabilities == ["SMS", "MMS", "Voice"])
        }
        refused(21710, .permanent, await numbers.create(.init(phoneNumberSid: own[0])))
        refused(21712, .fixNumber, await services.phoneNumbers(of: other).create(.init(phoneNumberSid: own[0])))
        #expect(
            try await world.paged("ServicePhoneNumbers.list(pageSize:)") { numbers.list(pageSize: $0) }.count == 3)
        #expect(try await world.did("ServicePhoneNumbers.fetch(_:)", numbers.fetch(own[0])).countryCode == "US")
        world.did("ServicePhoneNumbers.delete(_:)", try await numbers.delete(own[2]))
        await refused(20404, .permanent) { try await numbers.fetch(own[2]) }
        let codes = services.shortCodes(of: sid)
        var short: [ServiceShortCode] = []
        for digit in ["1", "2"] {
            let code = try #require(ShortCodeSid("SC" + String(repeating: digit, count: 32)))
            short.append(try world.made("ServiceShortCodes.create(_:)", await codes.create(.init(shortCodeSid: code))))
        }
        let fetched = world.did("ServiceShortCodes.fetch(_:)", try await codes.fetch(short[0].sid))
        #expect(fetched.shortCode?.allSatisfy(\.isNumber) == true)
        #expect(try await world.paged("ServiceShortCodes.list(pageSize:)") { codes.list(pageSize: $0) }.count == 2)
        for code in short { world.did("ServiceShortCodes.delete(_:)", try await codes.delete(code.sid)) }
        let names = services.alphaSenders(of: sid)
        var alpha: [ServiceAlphaSender] = []
        for name in ["CLINIC", "OFFICE"] {
            alpha.append(try world.made("ServiceAlphaSenders.create(_:)", await names.create(.init(alphaSender: name))))
        }
        #expect(try await world.did("ServiceAlphaSenders.fetch(_:)", names.fetch(alpha[0].sid)).alphaSender == "CLINIC")
        #expect(try await world.paged("ServiceAlphaSenders.list(pageSize:)") { names.list(pageSize: $0) }.count == 2)
        for name in alpha { world.did("ServiceAlphaSenders.delete(_:)", try await names.delete(name.sid)) }
    }

    private func choice(_ world: CarrierWorld, _ service: MessagingServiceSid) async throws {
        let messages = world.client.messages
        let first = try accepted(await sendThrough(world, service, to: "+14155550162"))
        #expect(first.status == .accepted && first.from == nil && first.numSegments == 0)
        try await world.until { try await messages.fetch(first.sid).status == .delivered }
        let known = try await messages.fetch(first.sid).from
        let told = try await world.told("/service", count: 3)
        #expect(told.map { $0["MessageStatus"] } == ["queued", "sent", "delivered"])
        #expect(told[0]["MessagingServiceSid"] == service.text)
        for _ in 0..<2 {
            _ = try accepted(await sendThrough(world, service, to: "+14155550163"))
            let again = try accepted(await sendThrough(world, service, to: "+14155550162"))
            try await world.until { try await messages.fetch(again.sid).status == .delivered }
            #expect(try await messages.fetch(again.sid).from == known)
        }
        // The word STOP to one number of a service stops all of them.
        try await world.control(
            .post, "/inbound",
            .object([
                "from": .string("+14155550162"), "to": .string(known ?? ""), "body": .string("STOP"),
            ]))
        refused(21610, .permanent, await sendThrough(world, service, to: "+14155550162"))
    }

    private func schedule(_ world: CarrierWorld, _ service: MessagingServiceSid) async throws {
        let messages = world.client.messages
        let now = try await messages.fetch(accepted(await sendThrough(world, service)).sid).dateCreated
        let soon = try #require(now).addingTimeInterval(3600)
        let planned = try accepted(await sendThrough(world, service, at: soon))
        #expect(planned.status == .scheduled)
        #expect(try await messages.update(planned.sid, .cancel).status == .canceled)
        let kept = try accepted(await sendThrough(world, service, at: soon))
        try await world.advance(3700)
        try await world.until { try await messages.fetch(kept.sid).status == .delivered }
        await refused(30409, .permanent) { try await messages.update(kept.sid, .cancel) }
        refused(35114, .permanent, await sendThrough(world, service, at: soon))
    }
}
