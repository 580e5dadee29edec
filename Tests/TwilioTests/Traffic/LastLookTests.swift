import Curl
import Synchronization
import TestServer
import Testing
import Twilio

/// How often it was looked.
private final class Looks: Sendable {
    private let state = Mutex(0)

    var count: Int { state.withLock { $0 } }

    /// - Returns: how often by now.
    @discardableResult
    func add() -> Int {
        state.withLock { count in
            count += 1
            return count
        }
    }
}

/// What is asked just before a message goes out.
@Suite(.timeLimit(.minutes(1))) struct LastLookTests {
    private static let balance = #"{"account_sid": "\#(Fixture.accountText)", "balance": "1", "currency": "USD"}"#
    private static let message = Message.Creation(to: "+14155550123", sender: .from("+14155550100"), body: "Hello")

    private static func traffic(_ clock: JumpingClock = JumpingClock(), looks: Int = 16) -> TwilioTraffic {
        var limits = TwilioTraffic.Limits()
        limits.concurrency = 1
        limits.looksAtOnce = looks
        return TwilioTraffic(limits, clock: clock)
    }

    /// The first request of a connection is answered when the turnstile lets it go.
    private static func held(_ turnstile: Turnstile) -> RawServer.Script {
        { connection in
            var isFirst = true
            while connection.readRequest() != nil {
                if isFirst { turnstile.pass() }
                isFirst = false
                connection.answer(200, balance)
            }
        }
    }

    @Test func `a look that takes long keeps nobody else from a call`() async throws {
        let (opening, open) = AsyncStream.makeStream(of: Void.self)
        let looks = Looks()
        try await withTwilio(traffic: Self.traffic(), Self.held(Turnstile(group: 1))) { client, server in
            let looking = Task {
                await client.messages.create(Self.message) {
                    looks.add()
                    for await _ in opening {}
                    return true
                }
            }
            while looks.count == 0 { await Task.yield() }
            _ = try await client.balance()
            #expect(server.received.count == 1)
            open.finish()
            _ = await looking.value
            #expect(server.received.count == 2)
        }
    }

    /// Whose clock has stood still meanwhile is the negative control: one look is enough for it.
    @Test(arguments: [true, false]) func `who had to wait for its place looks again`(waitsLong: Bool) async throws {
        let (clock, turnstile) = (JumpingClock(), Turnstile(group: 2))
        let looks = Looks()
        try await withTwilio(traffic: Self.traffic(clock), Self.held(turnstile)) { client, server in
            async let first = client.balance()
            while server.received.isEmpty { await Task.yield() }
            let second = Task {
                await client.messages.create(Self.message) {
                    // What allowed it at first does not hold any more.
                    looks.add() == 1
                }
            }
            while looks.count == 0 { await Task.yield() }
            if waitsLong { clock.advance(by: .milliseconds(26)) }
            turnstile.pass()
            _ = try await first
            let outcome = await second.value
            #expect(looks.count == (waitsLong ? 2 : 1))
            #expect(server.received.count == (waitsLong ? 1 : 2))
            if waitsLong {
                guard case .notSent(.heldBack(let why), nil) = outcome else {
                    Issue.record("it was sent: \(outcome)")
                    return
                }
                #expect(why.reason == .withdrawn)
            }
            // Its place was given back.
            _ = try await client.balance()
        }
    }

    @Test func `few stand between their look and their call, and who gives up there leaves room`() async throws {
        let turnstile = Turnstile(group: 2)
        let looks = Looks()
        try await withTwilio(traffic: Self.traffic(looks: 2), Self.held(turnstile)) { client, server in
            async let first = client.balance()
            while server.received.isEmpty { await Task.yield() }
            let others = (0..<6).map { _ in
                Task {
                    await client.messages.create(Self.message) {
                        looks.add()
                        return true
                    }
                }
            }
            while looks.count < 2 { await Task.yield() }
            // The rest would have looked by now.
            try await Task.sleep(for: .milliseconds(50))
            #expect(looks.count == 2)
            for other in others.prefix(5) { other.cancel() }
            for other in others.prefix(5) { _ = await other.value }
            turnstile.pass()
            _ = try await first
            _ = await others[5].value
            #expect(server.received.count == 2)
        }
    }
}
