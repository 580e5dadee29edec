import Curl
import FoundationEssentials
import TestServer
import Testing
import Twilio

/// What each thing that may come back from a creation is taken for.
@Suite struct CreateMessageTests {
    static let message = Message.Creation(to: "+14155550123", sender: .from("+14155550100"), body: "Hello")

    /// What the general encoder makes of it.
    private struct Encoded: Parameters {
        let message: Message.Creation

        func encode(to encoder: any Encoder) throws { try message.encode(to: encoder) }
    }

    @Test func `a message's form is the one that the encoder makes of its properties`() throws {
        var full = Self.message
        full.mediaUrl = ["https://example.com/1.png", "https://example.com/2.png"]
        full.contentSid = ContentSid("HX" + String(repeating: "a", count: 32))
        full.contentVariables = .object(["1": .string("ten")])
        full.schedule = .init(sendAt: Date(timeIntervalSince1970: 1_800_000_000))
        full.statusCallback = "https://example.com/status"
        full.applicationSid = ApplicationSid("AP" + String(repeating: "b", count: 32))
        full.provideFeedback = true
        full.attempt = 2
        full.validityPeriod = 60
        full.forceDelivery = false
        full.contentRetention = .discard
        full.addressRetention = .obfuscate
        full.smartEncoded = true
        full.persistentAction = ["geo:1,2", "tel:3"]
        full.trafficType = .free
        full.shortenUrls = true
        full.sendAsMms = false
        full.riskCheck = .disable
        full.fallbackFrom = "+14155550101"
        let unset = Mirror(reflecting: full).children.filter { "\($0.value)" == "nil" }.map { $0.label }
        #expect(unset == [], "a property that this test leaves out")
        var service = Self.message
        service.sender = .messagingService(try #require(MessagingServiceSid("MG" + String(repeating: "c", count: 32))))
        for message in [full, Self.message, service] {
            #expect(message.form == Encoded(message: message).form)
        }
    }

    private func outcome(
        total: Duration = .seconds(30), _ script: @escaping RawServer.Script
    ) async throws -> (CreationOutcome<Message>, posts: Int) {
        var outcome: CreationOutcome<Message>?
        var posts = 0
        try await withTwilio(total: total, script) { client, server in
            outcome = await client.messages.create(Self.message)
            posts = server.received.count
        }
        return (try #require(outcome), posts)
    }

    private func answer(
        _ status: Int, headers: [String] = [], _ body: String
    ) async throws -> CreationOutcome<Message> {
        let (outcome, posts) = try await outcome { connection in
            if connection.readRequest() != nil { connection.answer(status, headers: headers, body) }
        }
        #expect(posts == 1)
        return outcome
    }

    @Test func `201 with a message is accepted`() async throws {
        guard case .accepted(let made) = try await answer(201, Fixture.message()) else {
            Issue.record("not accepted")
            return
        }
        #expect(made.status == .queued)
        #expect(made.numSegments == 1)
    }

    @Test(arguments: [
        "", "{", "[]", "{}", "<html></html>", #"{"sid": "SM1", "account_sid": "x", "status": "queued"}"#,
        Fixture.message(account: "AC" + String(repeating: "b", count: 32)),
    ])
    func `a success that cannot be read leaves doubt`(body: String) async throws {
        guard case .inDoubt(.unusableAnswer) = try await answer(201, body) else {
            Issue.record("no doubt")
            return
        }
    }

    @Test(arguments: [(400, 21211), (400, 21610), (401, 20003), (403, 20403), (404, 20404)])
    func `a definite 4xx is a refusal with its code`(status: Int, code: Int) async throws {
        guard case .refused(let error) = try await answer(status, Fixture.error(code, status)) else {
            Issue.record("not refused")
            return
        }
        #expect(error == TwilioError(code: code, status: status, message: "Words"))
    }

    @Test func `a 4xx that is not Twilio's is a refusal without a code`() async throws {
        guard case .refused(let error) = try await answer(403, "<html>proxy</html>") else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == nil)
        #expect(error.disposition == .fixAccount)
    }

    @Test(
        arguments: [
            (["Retry-After: 7"], Duration.seconds(7)), ([], nil), (["Retry-After: soon"], nil),
            (["Retry-After: 99999999999999999999"], .seconds(86_400)),
            (["Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"], .zero),
            (["Retry-After: Fri, 31 Dec 2999 23:59:59 GMT"], .seconds(86_400)),
        ] as [([String], Duration?)])
    func `429 was not processed, and says how long to wait`(headers: [String], wait: Duration?) async throws {
        let outcome = try await answer(429, headers: headers, Fixture.error(20429, 429))
        guard case .notSent(.tooManyRequests(let error), let retryAfter) = outcome else {
            Issue.record("not held back")
            return
        }
        #expect(error.code == 20429)
        #expect(retryAfter == wait)
    }

    @Test(arguments: [500, 502, 503, 504, 408, 302, 307])
    func `server errors, timeouts of the server and redirects leave doubt`(status: Int) async throws {
        let outcome = try await answer(status, headers: ["Location: /x"], Fixture.error(20500, status))
        guard case .inDoubt(.status(status)) = outcome else {
            Issue.record("no doubt")
            return
        }
    }

    @Test func `a reset after the request was read leaves doubt, and it is not sent again`() async throws {
        let (outcome, posts) = try await outcome { connection in
            if connection.readRequest() != nil { connection.reset() }
        }
        guard case .inDoubt(.transport(let error)) = outcome else {
            Issue.record("no doubt")
            return
        }
        #expect(error.kind == .connectionLost)
        #expect(posts == 1)
    }

    @Test func `a reset before anything was read leaves doubt, unless writing had not begun`() async throws {
        let (outcome, posts) = try await outcome { $0.reset() }
        switch outcome {
        case .inDoubt(.transport): break
        // The reset came even before libcurl knew of the connection.
        case .notSent(.transport, nil): #expect(posts == 0)
        default: Issue.record("neither: \(outcome)")
        }
    }

    @Test func `a timeout after sending leaves doubt`() async throws {
        let (outcome, posts) = try await outcome(total: .seconds(1)) { connection in
            _ = connection.readRequest()
            connection.waitForEnd()
        }
        guard case .inDoubt(.transport(let error)) = outcome else {
            Issue.record("no doubt")
            return
        }
        #expect(error.kind == .timedOut)
        #expect(posts == 1)
    }

    @Test func `where Twilio cannot be reached, nothing was sent`() async throws {
        let transport = try HTTPTransport()
        let client = TwilioClient(
            account: try #require(AccountSid(Fixture.accountText)),
            authentication: .authToken(try Fixture.secret(Fixture.token)),
            endpoints: try TwilioEndpoints(base: "http://nowhere.invalid"), transport: transport, userAgent: "t/1")
        guard case .notSent(.transport(let error), nil) = await client.messages.create(Self.message) else {
            Issue.record("not held back")
            return
        }
        #expect(error.kind == .couldNotResolve)
        await transport.shutdown()
    }

    private actor Looks {
        private(set) var count = 0

        func add() { count += 1 }
    }

    /// The first of two has the only place among those that are looked at; the second is looked at when it has it. Who waits
    /// behind that look: `LastLookTests`.
    @Test(arguments: [true, false]) func `the last look comes when its turn has come, and can still stop the POST`(
        isWanted: Bool
    ) async throws {
        var limits = TwilioTraffic.Limits()
        limits.concurrency = 1
        limits.looksAtOnce = 1
        limits.lookValidity = .seconds(3_600)
        let gate = AsyncStream.makeStream(of: Void.self)
        let looks = Looks()
        try await withTwilio(
            traffic: TwilioTraffic(limits),
            { connection in
                while connection.readRequest() != nil { connection.answer(400, #"{"code":21211,"status":400}"#) }
            }
        ) { client, server in
            async let first = client.messages.create(Self.message) {
                await looks.add()
                for await _ in gate.stream { break }
                return true
            }
            while await looks.count == 0 { await Task.yield() }
            async let second = client.messages.create(Self.message) {
                await looks.add()
                return isWanted
            }
            try await Task.sleep(for: .milliseconds(50))
            #expect(await looks.count == 1)
            gate.continuation.yield()
            _ = await first
            let outcome = await second
            #expect(await looks.count == 2)
            #expect(server.received.count == (isWanted ? 2 : 1))
            if !isWanted {
                guard case .notSent(.heldBack(HeldBack(.withdrawn, retryAfter: nil)), nil) = outcome else {
                    Issue.record("not withdrawn")
                    return
                }
                // Its place is free again.
                _ = await client.messages.create(Self.message)
                #expect(server.received.count == 2)
            }
        }
    }
}
