import Accounts
import Audit
import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import TestSupport
import TestWorld
import Testing

@Suite struct LimitTests {
    private static func limits(_ change: (inout AccountLimits) -> Void) -> WorldOptions {
        var limits = AccountLimits()
        change(&limits)
        return WorldOptions(isWorking: false, limits: limits)
    }

    private static let refusedSignIn = "signIn(input: {email: \"ann@clinic.example\", password: \"wrong wrong wrong\"})"

    /// The codes of every try in one document.
    private static func codes(_ answer: JSONValue) -> [String] {
        answer["data"]?.objectValue?.values.elements.compactMap(\.refusal) ?? []
    }

    @Test func `every alias counts as a try, and the account is then closed to the right password too`() async throws {
        let options = Self.limits { $0.signInByAccount = RateLimit(burst: 3, step: .seconds(600)) }
        try await withWorld(options) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let tries = (0..<5).map { "t\($0): \(Self.refusedSignIn) { userErrors { code } }" }.joined(separator: " ")
            let answer = try await world.ask("mutation { \(tries) }", as: World.nobody())
            #expect(
                Self.codes(answer)
                    == Array(repeating: "WRONG_CREDENTIALS", count: 3) + ["TOO_MANY_ATTEMPTS", "TOO_MANY_ATTEMPTS"])
            // From another address: it is the account that is closed.
            #expect(try await world.signIn(person.email, from: "192.0.2.9").refusal == "TOO_MANY_ATTEMPTS")
            // Negative control: without the counters, the right password is right.
            try await world.data.psql("DELETE FROM rate_limits")
            #expect(try await world.signIn(person.email).refusal == nil)
        }
    }

    @Test func `an address is limited over all accounts, whether they are there or not, and another is not`()
        async throws
    {
        let options = Self.limits { $0.signInByAddress = RateLimit(burst: 2, step: .seconds(600)) }
        try await withWorld(options) { world in
            _ = try await world.makePerson("ann@clinic.example")
            #expect(try await world.signIn("ann@clinic.example", "wrong").refusal == "WRONG_CREDENTIALS")
            #expect(try await world.signIn("bob@clinic.example", "wrong").refusal == "WRONG_CREDENTIALS")
            #expect(try await world.signIn("ann@clinic.example").refusal == "TOO_MANY_ATTEMPTS")
            #expect(try await world.signIn("bob@clinic.example").refusal == "TOO_MANY_ATTEMPTS")
            #expect(try await world.signIn("ann@clinic.example", from: "192.0.2.2").refusal == nil)
        }
    }

    @Test func `an address that tries too often closes no account to anybody else`() async throws {
        let options = Self.limits {
            $0.signInByAddress = RateLimit(burst: 2, step: .seconds(600))
            $0.signInByAccount = RateLimit(burst: 4, step: .seconds(600))
        }
        try await withWorld(options) { world in
            _ = try await world.makePerson("ann@clinic.example")
            var codes: [String?] = []
            for _ in 0..<8 { codes.append(try await world.signIn("ann@clinic.example", "wrong").refusal) }
            #expect(
                codes == Array(repeating: "WRONG_CREDENTIALS", count: 2)
                    + Array(repeating: "TOO_MANY_ATTEMPTS", count: 6))
            #expect(try await world.signIn("ann@clinic.example", from: "192.0.2.2").refusal == nil)
        }
    }

    @Test(arguments: [
        ("2001:db8:1:2::1", "2001:0DB8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("2001:db8::1", "2001:db8:0:0:1:2:3:4%eth0", "2001:db8:0:1::1"),
        ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"),
    ])
    func `a /64 of IPv6 is one address to the limits, and the audit keeps the whole of each`(
        first: String, alike: String, other: String
    ) async throws {
        let options = Self.limits { $0.signInByAddress = RateLimit(burst: 1, step: .seconds(600)) }
        try await withWorld(options) { world in
            _ = try await world.makePerson("ann@clinic.example")
            #expect(try await world.signIn("ann@clinic.example", "wrong", from: first).refusal == "WRONG_CREDENTIALS")
            #expect(try await world.signIn("ann@clinic.example", from: alike).refusal == "TOO_MANY_ATTEMPTS")
            #expect(try await world.signIn("ann@clinic.example", from: other).refusal == nil)
            for source in [first, alike] {
                #expect(
                    try await world.count("audit_events", where: "outcome = 'REFUSED' AND source = '\(source)'") == 1)
            }
        }
    }

    @Test func `what is taken is given back`() async throws {
        let options = Self.limits { $0.signInByAddress = RateLimit(burst: 1, step: .seconds(600)) }
        try await withWorld(options) { world in
            let person = try await world.makePerson("ann@clinic.example")
            #expect(try await world.signIn(person.email).refusal == nil)
            #expect(try await world.signIn(person.email).refusal == "TOO_MANY_ATTEMPTS")
            try await world.data.psql("UPDATE rate_limits SET full_at = full_at - interval '601 seconds'")
            #expect(try await world.signIn(person.email).refusal == nil)
        }
    }

    @Test func `requests to the API are limited by account`() async throws {
        let options = Self.limits { $0.api = RateLimit(burst: 5, step: .seconds(600)) }
        try await withWorld(options) { world in
            let clinic = try await world.makeClinic()
            let token = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            for index in 0..<5 { _ = try await world.caller(token, from: "192.0.2.\(index)") }
            await #expect(throws: CallerFinder.Refusal.self) { try await world.caller(token, from: "192.0.2.77") }
        }
    }

    @Test func `requests that come at once share what one of them takes from the allowance`() async throws {
        // Thirty that took a twentieth each, before any of them knew of the others', would be a half too many.
        let options = Self.limits { $0.api = RateLimit(burst: 60, step: .seconds(600)) }
        try await withWorld(options) { world in
            let clinic = try await world.makeClinic()
            let token = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<30 { group.addTask { _ = try await world.caller(token, from: "192.0.2.1") } }
                try await group.waitForAll()
            }
        }
    }

    @Test func `garbage from one place, or from many, silences nobody else's denials`() async throws {
        let options = Self.limits { $0.denials = RateLimit(burst: 700, step: .seconds(600)) }
        try await withWorld(options) { (world: World) async throws -> Void in
            for _ in 0..<700 { _ = await world.isLetIn("sb_live_nonsense") }
            _ = try? await world.caller("sb_live_nonsense", from: "192.0.2.2")
            #expect(
                try await world.count(
                    "audit_events", where: "action = 'request.authenticate' AND source = '192.0.2.2'") == 1)
            for index in 0..<700 {
                _ = try? await world.caller("sb_live_nonsense", from: "2001:db8:\(index)::1")
            }
            #expect(try await world.signIn("ann@clinic.example", from: "192.0.2.3").refusal == "WRONG_CREDENTIALS")
            #expect(
                try await world.count("audit_events", where: "action = 'user.sign_in' AND source = '192.0.2.3'") == 1)
        }
    }

    @Test func `denied attempts are audited, and cannot fill the disk`() async throws {
        let options = Self.limits { $0.denialsByAddress = RateLimit(burst: 3, step: .seconds(600)) }
        try await withWorld(options) { (world: World) async throws -> Void in
            for _ in 0..<9 { #expect(await !world.isLetIn("sb_live_nonsense")) }
            #expect(
                try await world.count(
                    "audit_events", where: "action = 'request.authenticate' AND source = '192.0.2.1'") == 3)
            _ = try? await world.caller("sb_live_nonsense", from: "192.0.2.2")
            #expect(try await world.count("audit_events", where: "action = 'request.authenticate'") == 4)
        }
    }
}
