import Accounts
import Audit
import Foundation
import GraphQL
import QueryEngine
import TestSupport
import TestWorld
import Testing

@Suite struct MemberTests {
    /// Whoever has no key of the name that the world gave them gets one: an invitation lives with its inviter.
    private static func invite(
        _ world: World, _ email: String, _ role: String, as caller: Caller
    ) async throws -> JSONValue {
        if case .apiKey(let id) = caller.kind, let organization = caller.organization {
            try await world.data.psql(
                """
                INSERT INTO api_key_lookups (key_hash, org_id, api_key_id, role)
                VALUES (sha256('\(id)'::bytea), '\(organization)', '\(id)', 'OWNER') ON CONFLICT DO NOTHING
                """)
        }
        return try await world.ask(
            "inviteUser", ["email": .string(email), "role": .string(role)], "invitation { id email role } token",
            from: caller)
    }

    private static func accept(_ world: World, _ payload: JSONValue, _ password: String) async throws -> JSONValue {
        try await world.ask(
            "acceptInvitation",
            ["token": payload["token"] ?? .null, "password": .string(password), "name": "Bob"], World.session)
    }

    @Test func `who is invited chooses a password, comes in with the role, and the token is used up`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let invited = try await Self.invite(world, "Bob@clinic.example", "AGENT", as: clinic.caller)
            #expect(invited["invitation"]?["email"] == "bob@clinic.example")
            let accepted = try await Self.accept(world, invited, "a password of bob")
            let (access, _) = try World.tokens(of: accepted)
            #expect(try await world.caller(access).role == .agent)
            #expect(try await Self.accept(world, invited, "a password of bob").refusal == "INVALID_TOKEN")
            #expect(try await world.signIn("bob@clinic.example", "a password of bob").refusal == nil)
            let members = try await world.ask(
                "{ members { nodes { email name role } } invitations { nodes { acceptedAt } } }", as: clinic.caller)
            #expect(
                members["data"]?["members"]?["nodes"] == [
                    ["email": "bob@clinic.example", "name": "Bob", "role": "AGENT"]
                ])
            #expect(
                try await Self.invite(world, "bob@clinic.example", "AGENT", as: clinic.caller).refusal
                    == "ALREADY_MEMBER")
        }
    }

    @Test func `an invitation never sets the password of a user that there is`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let person = try await world.makePerson("ann@clinic.example")
            let invited = try await Self.invite(world, person.email, "ADMIN", as: clinic.caller)
            #expect(try await Self.accept(world, invited, "the inviter's choice").refusal == "WRONG_CREDENTIALS")
            #expect(try await world.signIn(person.email, "the inviter's choice").refusal == "WRONG_CREDENTIALS")
            #expect(try await Self.accept(world, invited, Person.password).refusal == nil)
        }
    }

    @Test func `taking an invitation up wrongly does not tell whether there is such a user`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.makePerson("ann@clinic.example")
            var answers: [[JSONValue]] = []
            for email in ["ann@clinic.example", "bob@clinic.example"] {
                let invited = try await Self.invite(world, email, "AGENT", as: clinic.caller)
                let long = String(repeating: "n", count: 201)
                answers.append([
                    try await Self.accept(world, invited, "short"),
                    try await world.ask(
                        "acceptInvitation",
                        [
                            "token": invited["token"] ?? .null, "password": "long enough a password",
                            "name": .string(long),
                        ],
                        World.session),
                ])
            }
            #expect(answers[0] == answers[1])
            #expect(answers[0].map(\.refusal) == ["WEAK_PASSWORD", "INVALID_NAME"])
        }
    }

    @Test func `a revoked or expired invitation, and one of another organization, are refused alike`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let (first, second) = (try await world.makeClinic(0), try await world.makeClinic(1))
            let invited = try await Self.invite(world, "bob@clinic.example", "AGENT", as: first.caller)
            let id = try #require(invited["invitation"]?["id"])
            let foreign = try await world.ask("revokeInvitation", ["id": id], from: second.caller)
            let none = try await world.ask(
                "revokeInvitation", ["id": .string(OpaqueID.encode(UUID(), prefix: "inv"))], from: second.caller)
            #expect(foreign == none && none.refusal == "NOT_FOUND")
            #expect(try await world.ask("revokeInvitation", ["id": id], from: first.caller).refusal == nil)
            #expect(try await Self.accept(world, invited, "a password of bob").refusal == "INVALID_TOKEN")
            let late = try await Self.invite(world, "bob@clinic.example", "AGENT", as: first.caller)
            try await world.data.psql("UPDATE invitations SET expires_at = now() - interval '1 second'")
            #expect(try await Self.accept(world, late, "a password of bob").refusal == "INVALID_TOKEN")
        }
    }

    @Test func `nobody gives, changes or takes a role above their own, and an owner remains`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let owner = try await world.makePerson("owner@clinic.example", in: [(clinic, .owner)])
            _ = try await world.makePerson("admin@clinic.example", in: [(clinic, .admin)])
            let admin = Caller(
                kind: .user(id: UUID(), session: UUID()), role: .admin, organization: clinic.organization,
                requestID: "r")
            func id(_ email: String) async throws -> JSONValue {
                let uuid = try await world.value("SELECT id FROM memberships WHERE email = '\(email)'")
                return .string(OpaqueID.encode(try #require(UUID(uuidString: uuid)), prefix: "mem"))
            }
            let (first, second) = (try await id(owner.email), try await id("admin@clinic.example"))
            func update(_ id: JSONValue, _ role: String, as caller: Caller) async throws -> String? {
                try await world.ask("updateMember", ["id": id, "role": .string(role)], "member { role }", from: caller)
                    .refusal
            }
            #expect(try await Self.invite(world, "x@clinic.example", "OWNER", as: admin).refusal == "ROLE_TOO_HIGH")
            #expect(try await update(second, "OWNER", as: admin) == "ROLE_TOO_HIGH")
            #expect(try await update(first, "VIEWER", as: admin) == "ROLE_TOO_HIGH")
            #expect(try await world.ask("removeMember", ["id": first], from: admin).refusal == "ROLE_TOO_HIGH")
            #expect(try await update(first, "ADMIN", as: clinic.caller) == "LAST_OWNER")
            #expect(try await world.ask("removeMember", ["id": first], from: clinic.caller).refusal == "LAST_OWNER")
            let owners = try await Self.invite(world, "second@clinic.example", "OWNER", as: clinic.caller)
            let invitation: JSONValue = ["id": try #require(owners["invitation"]?["id"])]
            #expect(try await world.ask("revokeInvitation", invitation, from: admin).refusal == "ROLE_TOO_HIGH")
            #expect(try await world.ask("revokeInvitation", invitation, from: clinic.caller).refusal == nil)
            let key = try await world.ask(
                "createApiKey", ["label": "x", "role": "OWNER"], "token", from: admin)
            #expect(key.refusal == "ROLE_TOO_HIGH")
            // Each try is the organization's to know, with its action and its reason.
            let tries = try await world.value(
                """
                SELECT string_agg(action || ' ' || purpose, ', ' ORDER BY occurred_at) FROM audit_events
                WHERE outcome = 'REFUSED' AND org_id = '\(clinic.organization)'
                """)
            #expect(
                tries
                    == [
                        "invitation.create ROLE_TOO_HIGH", "membership.update ROLE_TOO_HIGH",
                        "membership.update ROLE_TOO_HIGH", "membership.remove ROLE_TOO_HIGH",
                        "membership.update LAST_OWNER", "membership.remove LAST_OWNER",
                        "invitation.revoke ROLE_TOO_HIGH",
                        "api_key.create ROLE_TOO_HIGH",
                    ].joined(separator: ", "))
            // Negative control: with another owner, the first may go.
            #expect(try await update(second, "OWNER", as: clinic.caller) == nil)
            #expect(try await world.ask("removeMember", ["id": first], from: clinic.caller).refusal == nil)
        }
    }

    @Test(arguments: [
        "DELETE FROM memberships WHERE email = 'admin@clinic.example'",
        "UPDATE memberships SET role = 'AGENT' WHERE email = 'admin@clinic.example'",
        "UPDATE users SET suspended_at = now() WHERE email = 'admin@clinic.example'",
    ])
    func `an invitation kept in reserve by who is an admin no more lets nobody in`(change: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.makePerson("owner@clinic.example", in: [(clinic, .owner)])
            let admin = try await world.makePerson("admin@clinic.example", in: [(clinic, .admin)])
            let caller = try await world.caller(try await world.tokens(admin).0)
            let invited = try await Self.invite(world, "reserve@clinic.example", "ADMIN", as: caller)
            let second = try await Self.invite(world, "helper@clinic.example", "VIEWER", as: caller)
            // Negative control: while they are an admin, it is good.
            let good = try await Self.invite(world, "good@clinic.example", "ADMIN", as: caller)
            #expect(try await Self.accept(world, good, "a password of good").refusal == nil)
            try await world.data.psql(change)
            #expect(try await Self.accept(world, invited, "a password of bob").refusal == "INVALID_TOKEN")
            #expect(try await Self.accept(world, second, "a password of bob").refusal == "INVALID_TOKEN")
            #expect(try await world.count("users", where: "email = 'reserve@clinic.example'") == 0)
        }
    }

    @Test func `an invitation ends with the API key that made it`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let token = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            let caller = try await world.caller(token)
            let good = try await Self.invite(world, "good@clinic.example", "OWNER", as: caller)
            let late = try await Self.invite(world, "late@clinic.example", "OWNER", as: caller)
            #expect(try await Self.accept(world, good, "a password of good").refusal == nil)
            try await world.keys.revoke(
                try #require(try await world.authenticator.identity(of: token)).id, of: clinic.organization,
                actor: .commandLine)
            #expect(try await Self.accept(world, late, "a password of bob").refusal == "INVALID_TOKEN")
        }
    }

    @Test func `the audit names a member and a key as the API does, and a subject as one`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let owner = try await world.makePerson("owner@clinic.example", in: [(clinic, .owner)])
            let token = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            let subject = UUID()
            let outside = Caller(
                kind: .subject(id: subject, issuer: UUID()), role: .owner, organization: clinic.organization,
                requestID: "r")
            let callers = [
                try await world.caller(try await world.tokens(owner).0), try await world.caller(token), outside,
            ]
            for caller in callers {
                _ = try await world.ask("createApiKey", ["label": "x", "role": "VIEWER"], "token", from: caller)
            }
            let answer = try await world.ask(
                """
                { members { nodes { userId } } apiKeys { nodes { id label } }
                  auditEvents(filter: { action: "api_key.create" }) { nodes { actorKind actorId } } }
                """, as: clinic.caller)
            let data = try #require(answer["data"])
            let member = try #require(data["members"]?["nodes"]?.arrayValue?.first?["userId"])
            let key = try #require(
                data["apiKeys"]?["nodes"]?.arrayValue?.first { $0["label"] == "desk" }?["id"])
            #expect(
                data["auditEvents"]?["nodes"] == [
                    ["actorKind": "SUBJECT", "actorId": .string(OpaqueID.encode(subject, prefix: "sub"))],
                    ["actorKind": "API_KEY", "actorId": key], ["actorKind": "USER", "actorId": member],
                    ["actorKind": "COMMAND_LINE", "actorId": .null],
                ])
        }
    }

    @Test func `a removed member is let into the organization no more, and stays a user`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let person = try await world.makePerson("ann@clinic.example", in: [(clinic, .agent)])
            let (access, _) = try await world.tokens(person)
            let caller = try await world.caller(access)
            #expect(caller.role == .agent)
            #expect(try await world.accounts.finder.isStillValid(caller))
            let id = try await world.value("SELECT id FROM memberships")
            let opaque = OpaqueID.encode(try #require(UUID(uuidString: id)), prefix: "mem")
            _ = try await world.ask("removeMember", ["id": .string(opaque)], "removedId", from: clinic.caller)
            #expect(try await eventually { try await !world.accounts.finder.isStillValid(caller) })
            #expect(try await eventually { try await world.caller(access).role == .user })
        }
    }

    @Test func `an API key is made, seen without its token, expires and is revoked through the API`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let made = try await world.ask(
                "createApiKey", ["label": "desk", "role": "AGENT", "expiresAt": "2999-01-01T00:00:00Z"],
                "apiKey { id label role expiresAt } token", from: clinic.caller)
            let token = try #require(made["token"]?.stringValue)
            #expect(try await world.caller(token).role == .agent)
            await world.authenticator.noteUses()
            let listed = try await world.ask("{ apiKeys { nodes { label lastUsedAt } } }", as: clinic.caller)
            let key = listed["data"]?["apiKeys"]?["nodes"]?.arrayValue?.first
            #expect(key?["lastUsedAt"]?.stringValue != nil)
            #expect(!"\(listed)".contains(token))
            let past = try await world.ask(
                "createApiKey", ["label": "late", "role": "AGENT", "expiresAt": "2001-01-01T00:00:00Z"], "token",
                from: clinic.caller)
            #expect(past.refusal == "INVALID_EXPIRY")
            let id = try #require(made["apiKey"]?["id"])
            #expect(try await world.ask("revokeApiKey", ["id": id], from: clinic.caller).refusal == nil)
            #expect(try await eventually { await !world.isLetIn(token) })
            #expect(try await world.ask("revokeApiKey", ["id": id], from: clinic.caller).refusal == "NOT_FOUND")
            let short = try await world.keys.issue(
                for: clinic.organization, role: .agent, label: "short", expiresAt: Date(timeIntervalSinceNow: 3_600),
                actor: .commandLine)
            #expect(await world.isLetIn(short))
            try await world.data.psql("UPDATE api_key_lookups SET expires_at = now() - interval '1 second'")
            let other = try await world.keys.issue(
                for: clinic.organization, role: .agent, label: "other", actor: .commandLine)
            try await world.keys.revoke(
                try #require(try await world.authenticator.identity(of: other)).id, of: clinic.organization,
                actor: .commandLine)
            #expect(try await eventually { await !world.isLetIn(short) })
        }
    }
}
