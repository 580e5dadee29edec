import Curl
import Foundation
import Synchronization
import TestServer
import Testing
import Twilio

/// A clock that jumps to where somebody sleeps to, and a die that always shows the middle.
final class JumpingClock: TrafficClock {
    private let state = Mutex((now: ContinuousClock.now, sleeps: [Duration]()))

    var now: ContinuousClock.Instant { state.withLock { $0.now } }
    /// How long it was slept each time.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func jitter() -> Double { 0.5 }

    func advance(by duration: Duration) {
        state.withLock { $0.now += duration }
    }

    func sleep(until instant: ContinuousClock.Instant) async throws {
        state.withLock { state in
            state.sleeps.append(state.now.duration(to: instant))
            state.now = max(state.now, instant)
        }
    }
}

/// Lets requests go in groups, and counts how many were there at once.
final class Turnstile: @unchecked Sendable {
    private let condition = NSCondition()
    private let group: Int
    private var arrived = 0
    private var inside = 0
    private(set) var most = 0

    init(group: Int) { self.group = group }

    func pass() {
        condition.lock()
        arrived += 1
        inside += 1
        most = max(most, inside)
        let mine = (arrived + group - 1) / group * group
        while arrived < mine { condition.wait() }
        condition.broadcast()
        inside -= 1
        condition.unlock()
    }
}

@Suite struct TrafficTests {
    private static func always(_ status: Int, _ body: String, _ headers: [String] = []) -> RawServer.Script {
        { connection in
            while connection.readRequest() != nil { connection.answer(status, headers: headers, body) }
        }
    }

    /// The first answers with `status`, all after it with an empty balance.
    private static func first(
        _ count: Int, _ status: Int, _ body: String, _ headers: [String] = []
    ) -> RawServer.Script {
        let seen = Mutex(0)
        return { connection in
            while connection.readRequest() != nil {
                let isFirst = seen.withLock { seen in
                    seen += 1
                    return seen <= count
                }
                isFirst ? connection.answer(status, headers: headers, body) : connection.answer(200, balance)
            }
        }
    }

    private static let balance = #"{"account_sid": "\#(Fixture.accountText)", "balance": "1", "currency": "USD"}"#
    private static let message = Message.Creation(to: "+14155550123", sender: .from("+14155550100"), body: "Hello")

    private static func limits(_ change: (inout TwilioTraffic.Limits) -> Void) -> TwilioTraffic.Limits {
        var limits = TwilioTraffic.Limits()
        change(&limits)
        return limits
    }

    // MARK: Concurrency

    /// With `concurrency` 6 this is the negative control: all six are at the server at once.
    @Test(arguments: [2, 3, 6]) func `no more calls of an account run at once than may`(concurrency: Int) async throws {
        let turnstile = Turnstile(group: concurrency)
        let traffic = TwilioTraffic(Self.limits { $0.concurrency = concurrency })
        try await withTwilio(
            traffic: traffic,
            { connection in
                while connection.readRequest() != nil {
                    turnstile.pass()
                    connection.answer(200, Self.balance)
                }
            }
        ) { client, server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { _ = try await client.balance() } }
                try await group.waitForAll()
            }
            #expect(turnstile.most == concurrency)
            #expect(server.received.count == 6)
        }
    }

    @Test func `calls that find the line full are not sent, and say so`() async throws {
        let turnstile = Turnstile(group: 2)
        let traffic = TwilioTraffic(
            Self.limits {
                $0.concurrency = 1
                $0.longestQueue = 0
            })
        try await withTwilio(
            traffic: traffic,
            { connection in
                while connection.readRequest() != nil {
                    turnstile.pass()
                    connection.answer(200, Self.balance)
                }
            }
        ) { client, server in
            async let first = client.balance()
            while server.received.isEmpty { await Task.yield() }
            await #expect(throws: TwilioCallError.heldBack(HeldBack(.tooManyWaiting, retryAfter: .milliseconds(500)))) {
                _ = try await client.balance()
            }
            #expect(server.received.count == 1)
            turnstile.pass()
            _ = try await first
        }
    }

    @Test func `who is cancelled while it waits for its turn was not sent, and its place is not lost`() async throws {
        let turnstile = Turnstile(group: 2)
        let traffic = TwilioTraffic(Self.limits { $0.concurrency = 1 })
        try await withTwilio(
            traffic: traffic,
            { connection in
                var isFirst = true
                while connection.readRequest() != nil {
                    if isFirst { turnstile.pass() }
                    isFirst = false
                    connection.answer(200, Self.balance)
                }
            }
        ) { client, server in
            async let first = client.balance()
            while server.received.isEmpty { await Task.yield() }
            let second = Task { await client.messages.create(Self.message) }
            second.cancel()
            guard case .notSent(.transport(let error), nil) = await second.value else {
                Issue.record("it was sent")
                return
            }
            #expect(error.kind == .cancelled)
            turnstile.pass()
            _ = try await first
            _ = try await client.balance()
            #expect(server.received.count == 2)
        }
    }

    // MARK: 429

    @Test func `a GET that Twilio did not process is made again after the pause`() async throws {
        let clock = JumpingClock()
        try await withTwilio(
            traffic: TwilioTraffic(clock: clock), Self.first(2, 429, Fixture.error(20429, 429))
        ) { client, server in
            _ = try await client.balance()
            #expect(server.received.count == 3)
            #expect(clock.sleeps == [.milliseconds(250), .milliseconds(500)])
        }
    }

    @Test func `a GET is given up after three tries`() async throws {
        try await withTwilio(
            traffic: TwilioTraffic(clock: JumpingClock()), Self.always(429, Fixture.error(20429, 429))
        ) { client, server in
            await #expect(throws: TwilioCallError.self) { _ = try await client.balance() }
            #expect(server.received.count == 3)
        }
    }

    @Test func `a POST is not made again, and the next call waits the rest of the pause`() async throws {
        let clock = JumpingClock()
        try await withTwilio(
            traffic: TwilioTraffic(clock: clock), Self.first(1, 429, Fixture.error(20429, 429), ["Retry-After: 2"])
        ) { client, server in
            guard case .notSent(.tooManyRequests, .seconds(2)) = await client.messages.create(Self.message) else {
                Issue.record("not held back")
                return
            }
            #expect(server.received.count == 1)
            _ = try await client.balance()
            #expect(server.received.count == 2)
            #expect(clock.sleeps == [.milliseconds(2250)])
        }
    }

    @Test func `a pause that is longer than patience refuses at once`() async throws {
        let clock = JumpingClock()
        try await withTwilio(
            traffic: TwilioTraffic(clock: clock), Self.always(429, Fixture.error(20429, 429), ["Retry-After: 60"])
        ) { client, server in
            _ = await client.messages.create(Self.message)
            guard case .notSent(.heldBack(let why), let retryAfter) = await client.messages.create(Self.message) else {
                Issue.record("not held back")
                return
            }
            #expect(why.reason == .backingOff)
            #expect(retryAfter == .milliseconds(60_250))
            #expect(server.received.count == 1)
        }
    }

    @Test(arguments: [21611, 63038, 60203])
    func `a 429 about one sender or recipient does not slow the account`(code: Int) async throws {
        let clock = JumpingClock()
        try await withTwilio(
            traffic: TwilioTraffic(clock: clock), Self.first(1, 429, Fixture.error(code, 429))
        ) { client, server in
            _ = await client.messages.create(Self.message)
            _ = try await client.balance()
            #expect(clock.sleeps == [])
            #expect(server.received.count == 2)
        }
    }

    // MARK: 401

    /// With the limit out of reach this is the negative control: every call goes out and nobody hears.
    @Test(arguments: [3, Int.max])
    func `a credential that is refused again and again is stopped, and its keeper hears of it once`(
        limit: Int
    ) async throws {
        let heard = Mutex<[TwilioError]>([])
        let clock = JumpingClock()
        let traffic = TwilioTraffic(Self.limits { $0.credential.failures = limit }, clock: clock)
        try await withTwilio(
            traffic: traffic, onCredentialRefused: { error in heard.withLock { $0.append(error) } },
            Self.always(401, Fixture.error(20003, 401))
        ) { client, server in
            for _ in 0..<3 { await #expect(throws: TwilioCallError.self) { _ = try await client.balance() } }
            #expect(heard.withLock { $0.map(\.code) } == (limit == 3 ? [20003] : []))
            let outcome = await client.messages.create(Self.message)
            if limit == 3 {
                guard case .notSent(.heldBack(let why), _) = outcome else {
                    Issue.record("it was sent")
                    return
                }
                #expect(why.reason == .credentialRefused)
                #expect(TwilioCallError.heldBack(why).disposition == .fixCredential)
            }
            #expect(server.received.count == (limit == 3 ? 3 : 4))
            // After the pause one call probes, and the keeper does not hear again.
            clock.advance(by: .seconds(60))
            _ = await client.messages.create(Self.message)
            #expect(server.received.count == (limit == 3 ? 4 : 5))
            #expect(heard.withLock { $0.count } == (limit == 3 ? 1 : 0))
        }
    }

    @Test func `a standard key that may not see the account is not taken for a refused one`() async throws {
        let heard = Mutex(0)
        let key = try Fixture.sid("SK", 1, as: KeySid.self)
        try await withTwilio(
            authentication: .apiKey(key, try Fixture.secret("s3cret")),
            onCredentialRefused: { _ in heard.withLock { $0 += 1 } },
            Self.always(401, Fixture.error(20003, 401))
        ) { client, server in
            for _ in 0..<5 { await #expect(throws: TwilioCallError.self) { _ = try await client.accounts.fetch() } }
            #expect(server.received.count == 5)
            #expect(heard.withLock { $0 } == 0)
        }
    }

    // MARK: 5xx

    /// With the limit out of reach this is the negative control.
    @Test(arguments: [10, Int.max])
    func `a product that fails again and again is left alone for a while, and others are not`(
        limit: Int
    ) async throws {
        let clock = JumpingClock()
        let traffic = TwilioTraffic(Self.limits { $0.server.failures = limit }, clock: clock)
        try await withTwilio(traffic: traffic, Self.always(503, Fixture.error(20503, 503))) { client, server in
            for _ in 0..<10 {
                guard case .inDoubt = await client.messages.create(Self.message) else {
                    Issue.record("no doubt")
                    return
                }
            }
            let next = await client.messages.create(Self.message)
            if limit == 10 {
                guard case .notSent(.heldBack(HeldBack(.serverFailing, retryAfter: .seconds(1))), .seconds(1)) = next
                else {
                    Issue.record("it was sent")
                    return
                }
            }
            #expect(server.received.count == (limit == 10 ? 10 : 11))
            _ = try? await client.pricing.voice.fetch(try country())
            #expect(server.received.count == (limit == 10 ? 11 : 12), "another product")
            clock.advance(by: .seconds(1))
            _ = await client.messages.create(Self.message)
            #expect(server.received.count == (limit == 10 ? 12 : 13), "one call probes")
        }
    }

    @Test func `accounts do not slow one another`() async throws {
        let clock = JumpingClock()
        let traffic = TwilioTraffic(clock: clock)
        let other = try #require(AccountSid("AC" + String(repeating: "b", count: 32)))
        try await withTwilio(traffic: traffic, Self.first(1, 429, Fixture.error(20429, 429))) { client, server in
            _ = await client.messages.create(Self.message)
            try await withTwilio(account: other, traffic: traffic, Self.always(200, Self.balance)) { second, _ in
                _ = try await second.balance()
            }
            #expect(clock.sleeps == [])
        }
    }

    @Test func `a subaccount's resources are reached by its parent's credential`() async throws {
        try await withTwilio(Self.always(200, Self.balance)) { client, server in
            let sub = try #require(AccountSid("AC" + String(repeating: "b", count: 32)))
            _ = try await client.subaccount(sub).balance()
            #expect(server.received[0].target == "/2010-04-01/Accounts/\(sub)/Balance.json")
            #expect(
                server.received[0].headers["authorization"] == "Basic "
                    + Data("\(Fixture.accountText):\(Fixture.token)".utf8).base64EncodedString())
        }
    }

    @Test func `a newer product answers for the account that signs in, also beside a subaccount's resources`()
        async throws
    {
        let body = #"{"sid": "\#(MessagingServiceSid.sample)", "account_sid": "\#(Fixture.accountText)"}"#
        try await withTwilio(Self.always(201, body)) { client, _ in
            let sub = client.subaccount(try #require(AccountSid("AC" + String(repeating: "b", count: 32))))
            _ = try made(await sub.messagingServices.create(.init(friendlyName: "Pool")))
        }
    }

    @Test func `an account's calls share one connection`() async throws {
        try await withTwilio(Self.always(200, Self.balance)) { client, server in
            for _ in 0..<5 { _ = try await client.balance() }
            #expect(server.connectionCount == 1)
        }
    }
}
