import Accounts
import Audit
import Foundation
import GraphQL
import QueryEngine
import TestSupport
import TestWorld
import Testing
import Vault

@Suite struct SessionTests {
    @Test func `who signs in is let in with role and organization, and viewer says so`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let person = try await world.makePerson("ann@clinic.example", in: [(clinic, .agent)])
            let (access, _) = try await world.tokens(person)
            let caller = try await world.caller(access)
            #expect(caller.role == .agent)
            #expect(caller.organization == clinic.organization)
            #expect(caller.address == "192.0.2.1")
            let answer = try await world.ask(
                "{ viewer { kind role user { email name } memberships { organizationSlug role } } }", as: caller)
            #expect(
                answer["data"]?["viewer"] == [
                    "kind": "USER", "role": "AGENT",
                    "user": ["email": "ann@clinic.example", "name": "Somebody"],
                    "memberships": [["organizationSlug": "clinic-0", "role": "AGENT"]],
                ])
            #expect(
                try await world.count(
                    "audit_events",
                    where:
                        "action = 'user.sign_in' AND outcome = 'DONE' AND source = '192.0.2.1' AND actor_id = '\(person.id)'"
                )
                    == 1)
        }
    }

    @Test func `a user of several organizations names one for each request`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let (first, second, third) = (
                try await world.makeClinic(0), try await world.makeClinic(1), try await world.makeClinic(2)
            )
            let person = try await world.makePerson("ann@clinic.example", in: [(first, .owner), (second, .viewer)])
            let (access, _) = try await world.tokens(person)
            let undecided = try await world.caller(access)
            #expect(undecided.role == .user && undecided.organization == nil)
            let refused = try await world.ask("{ messages { totalCount } }", as: undecided)
            #expect(refused["errors"]?.arrayValue?.first?["message"]?.stringValue?.contains("X-Switchboard") == true)
            #expect(try await world.caller(access, in: first).role == .owner)
            #expect(try await world.caller(access, in: second).role == .viewer)
            await #expect(throws: CallerFinder.Refusal.self) { try await world.caller(access, in: third) }
        }
    }

    @Test func `a wrong password and an unknown e-mail get the same answer, and both are audited`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            _ = try await world.makePerson("new@clinic.example", password: nil)
            let wrong = try await world.signIn(person.email, "not the password")
            let unknown = try await world.signIn("bob@clinic.example")
            let without = try await world.signIn("new@clinic.example")
            #expect(wrong == unknown && unknown == without)
            #expect(wrong.refusal == "WRONG_CREDENTIALS")
            #expect(
                try await world.count("audit_events", where: "action = 'user.sign_in' AND outcome = 'REFUSED'") == 3)
            // Negative control: the right one.
            #expect(try await world.signIn(" ANN@clinic.example ").refusal == nil)
        }
    }

    @Test func `a refresh token works once, and its reuse ends the session everywhere`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let (access, refresh) = try await world.tokens(person)
            let next = try await world.ask("refreshSession", ["refreshToken": .string(refresh)], World.session)
            let (access2, refresh2) = try World.tokens(of: next)
            let (a, b) = (await world.isLetIn(access), await world.isLetIn(access2))
            #expect(a && b)
            let again = try await world.ask("refreshSession", ["refreshToken": .string(refresh)], World.session)
            #expect(again.refusal == "INVALID_TOKEN")
            #expect(try await eventually { await !world.isLetIn(access2) })
            let heir = try await world.ask("refreshSession", ["refreshToken": .string(refresh2)], World.session)
            #expect(heir.refusal == "INVALID_TOKEN")
            let nonsense = try await world.ask("refreshSession", ["refreshToken": "nonsense"], World.session)
            #expect(nonsense.refusal == "INVALID_TOKEN")
            #expect(
                try await world.count(
                    "audit_events", where: "action = 'session.refresh' AND purpose = 'INVALID_TOKEN'") == 2)
            #expect(try await world.count("audit_events", where: "purpose = 'REFRESH_TOKEN_REUSED'") == 1)
            #expect(
                try await world.count("refresh_tokens r", where: "position('\(refresh2)' in r::text) > 0") == 0)
        }
    }

    @Test func `signing out ends one session, and everywhere ends all`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let (first, _) = try await world.tokens(person)
            let (second, refresh) = try await world.tokens(person)
            let (third, _) = try await world.tokens(person)
            _ = try await world.ask("mutation { signOut { userErrors { code } } }", as: try await world.caller(first))
            #expect(try await eventually { await !world.isLetIn(first) })
            let others = (await world.isLetIn(second), await world.isLetIn(third))
            #expect(others.0 && others.1)
            _ = try await world.ask(
                "mutation { signOutEverywhere { userErrors { code } } }", as: try await world.caller(second))
            #expect(try await eventually { await !world.isLetIn(second) })
            #expect(try await eventually { await !world.isLetIn(third) })
            let refreshed = try await world.ask("refreshSession", ["refreshToken": .string(refresh)], World.session)
            #expect(refreshed.refusal == "INVALID_TOKEN")
        }
    }

    @Test func `a rotation of the signing key signs nobody out`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let (before, _) = try await world.tokens(person)
            let old = try await world.accounts.signingKeys.current().id
            let new = try await world.accounts.signingKeys.rotate(audit: world.audit, actor: .commandLine)
            #expect(old != new)
            let (after, _) = try await world.tokens(person)
            let both = (await world.isLetIn(before), await world.isLetIn(after))
            #expect(both.0 && both.1)
            // Negative control: what the old key signs long after it was replaced is not believed.
            try await world.data.psql(
                "UPDATE platform_keys SET created_at = now() - interval '1 hour' WHERE purpose = 'access-token-2'")
            _ = try await world.accounts.signingKeys.rotate(audit: world.audit, actor: .commandLine)
            _ = try await world.keys.issueForPlatform(role: .platformAuditor, label: "x", actor: .commandLine)
            try await world.accounts.sessions.endAll(of: UUID(), by: World.nobody())
            #expect(try await eventually { await !world.isLetIn(before) })
        }
    }

    @Test func `a key that signs no more cannot be used for a token that lasts longer than any`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let (access, _) = try await world.tokens(person)
            let claims = try #require(
                access.split(separator: ".").dropFirst().first.flatMap { Data(base64URL: String($0)) })
            let session = try #require(try JSONValue(parsing: [UInt8](claims))["sid"]?.stringValue)
            let old = try await world.accounts.signingKeys.current()
            let now = Int(Date().timeIntervalSince1970)
            func token(issued: Int, expires: Int) -> String {
                let header = #"{"alg":"EdDSA","kid":"\#(old.id.uuidString.lowercased())","typ":"JWT"}"#
                let body =
                    #"{"iss":"switchboard","sub":"\#(person.id.uuidString.lowercased())","sid":"\#(session)","#
                    + #""iat":\#(issued),"exp":\#(expires)}"#
                let message = Data(header.utf8).base64URL + "." + Data(body.utf8).base64URL
                return message + "." + Data(old.sign([UInt8](message.utf8))).base64URL
            }
            // Negative control: the key's holder signs what it always did.
            #expect(await world.isLetIn(token(issued: now, expires: now + 900)))
            _ = try await world.accounts.signingKeys.rotate(audit: world.audit, actor: .commandLine)
            for (issued, expires) in [
                (now, now + 901), (now, now + 86_400 * 365), (now - 3_600, now + 60), (now + 10, now + 5),
                (Int.min, now + 60), (0, Int.max),
            ] {
                #expect(await !world.isLetIn(token(issued: issued, expires: expires)), "\(issued) \(expires)")
            }
        }
    }

    @Test func `access tokens of other algorithms, keys and claims are refused`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let (access, _) = try await world.tokens(person)
            let parts = access.split(separator: ".").map(String.init)
            func part(_ json: String) -> String {
                Data(json.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                    .replacing("=", with: "")
            }
            let forged = [
                "\(part(#"{"alg":"none","typ":"JWT"}"#)).\(parts[1]).",
                "\(part(#"{"alg":"none","typ":"JWT"}"#)).\(parts[1]).\(parts[2])",
                "\(part(#"{"alg":"HS256","typ":"JWT"}"#)).\(parts[1]).\(parts[2])",
                "\(parts[0]).\(part(#"{"iss":"switchboard"}"#)).\(parts[2])", "\(parts[0]).\(parts[1]).\(parts[0])",
                "\(parts[0]).\(parts[1])", "\(access)=", "\(access).",
            ]
            for token in forged { #expect(await !world.isLetIn(token), "\(token)") }
            #expect(await world.isLetIn(access))
        }
    }

    @Test func `a suspended user and a suspended organization are let in no more`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let person = try await world.makePerson("ann@clinic.example", in: [(clinic, .owner)])
            let key = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            let (access, _) = try await world.tokens(person)
            try await world.organizations.suspend(clinic.organization, true)
            #expect(try await eventually { await !world.isLetIn(key) })
            #expect(try await eventually { try await world.caller(access).organization == nil })
            try await world.organizations.suspend(clinic.organization, false)
            #expect(try await eventually { await world.isLetIn(key) })
            try await world.accounts.users.suspend(person.id, true)
            #expect(try await eventually { await !world.isLetIn(access) })
            #expect(try await world.signIn(person.email).refusal == "WRONG_CREDENTIALS")
        }
    }
}

extension Data {
    fileprivate var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    fileprivate init?(base64URL text: String) {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
    }
}
