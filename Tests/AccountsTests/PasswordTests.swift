import Accounts
import GraphQL
import QueryEngine
import TestSupport
import TestWorld
import Testing
import Vault

@Suite struct PasswordTests {
    @Test func `a reset is delivered to who has the e-mail, works once and signs out everywhere`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let (access, _) = try await world.tokens(person)
            let known = try await world.ask("requestPasswordReset", ["email": .string(person.email)])
            let unknown = try await world.ask("requestPasswordReset", ["email": "bob@clinic.example"])
            #expect(known == unknown && known.refusal == nil)
            #expect(try await eventually { world.outbox.token(for: person.email) != nil })
            #expect(world.outbox.count == 1)
            let token = try #require(world.outbox.token(for: person.email))
            #expect(try await world.count("password_resets p", where: "position('\(token)' in p::text) > 0") == 0)
            let weak = try await world.ask("resetPassword", ["token": .string(token), "password": "short"])
            #expect(weak.refusal == "WEAK_PASSWORD")
            let set = try await world.ask(
                "resetPassword", ["token": .string(token), "password": "another long password"])
            #expect(set.refusal == nil)
            #expect(try await eventually { await !world.isLetIn(access) })
            let again = try await world.ask(
                "resetPassword", ["token": .string(token), "password": "a third long password"])
            #expect(again.refusal == "INVALID_TOKEN")
            #expect(try await world.signIn(person.email).refusal == "WRONG_CREDENTIALS")
            #expect(try await world.signIn(person.email, "another long password").refusal == nil)
        }
    }

    @Test func `changing the password asks for the one in force, and ends the other sessions`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let (here, _) = try await world.tokens(person)
            let (elsewhere, _) = try await world.tokens(person)
            let caller = try await world.caller(here)
            let wrong = try await world.ask(
                "changePassword", ["currentPassword": "guess guess guess", "password": "another long password"],
                from: caller)
            #expect(wrong.refusal == "WRONG_CREDENTIALS")
            let done = try await world.ask(
                "changePassword",
                ["currentPassword": .string(Person.password), "password": "another long password"], from: caller)
            #expect(done.refusal == nil)
            #expect(try await eventually { await !world.isLetIn(elsewhere) })
            #expect(await world.isLetIn(here))
            #expect(try await world.signIn(person.email, "another long password").refusal == nil)
        }
    }

    /// Carries out `body` while somebody else is about to commit `change`, and ends when both have.
    private static func during(
        _ change: String, _ world: World, _ body: @Sendable () async throws -> JSONValue
    ) async throws -> JSONValue {
        async let commit = world.data.psql(
            "BEGIN; LOCK TABLE sessions; \(change); SELECT pg_sleep(1.5); COMMIT")
        let isUnderWay = try await eventually {
            try await world.value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(1.5)%' AND wait_event = 'PgSleep'"
            ) == "1"
        }
        #expect(isUnderWay)
        let payload = try await body()
        _ = try await commit
        return payload
    }

    @Test func `who knew the former password gets nothing by it once it is replaced, however early it was checked`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            _ = try await world.makePerson("other@clinic.example", password: "another long password")
            let (access, _) = try await world.tokens(person)
            let caller = try await world.caller(access)
            let reset = """
                UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE email = 'other@clinic.example');
                UPDATE sessions SET ended_at = now()
                """
            // Both read the former hash, find the password right, and come too late.
            let signedIn = try await Self.during(reset, world) { try await world.signIn(person.email) }
            #expect(signedIn.refusal == "WRONG_CREDENTIALS")
            #expect(try await world.count("sessions", where: "ended_at IS NULL") == 0)
            try await world.data.psql("UPDATE sessions SET ended_at = NULL")
            #expect(try await world.signIn(person.email, "another long password").refusal == nil)
            let again = reset.replacing("'other@clinic.example'", with: "'third@clinic.example'")
            _ = try await world.makePerson("third@clinic.example", password: "a third long password")
            let changed = try await Self.during(again, world) {
                try await world.ask(
                    "changePassword", ["currentPassword": "another long password", "password": "the thief's password"],
                    from: caller)
            }
            #expect(changed.refusal == "WRONG_CREDENTIALS")
            #expect(try await world.signIn(person.email, "the thief's password").refusal == "WRONG_CREDENTIALS")
            #expect(try await world.signIn(person.email, "a third long password").refusal == nil)
        }
    }

    @Test func `who is signed out everywhere changes no password any more`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let person = try await world.makePerson("ann@clinic.example")
            let (access, _) = try await world.tokens(person)
            let caller = try await world.caller(access)
            let changed = try await Self.during("UPDATE sessions SET ended_at = now()", world) {
                try await world.ask(
                    "changePassword",
                    ["currentPassword": .string(Person.password), "password": "the thief's password"], from: caller)
            }
            #expect(changed.refusal == "SIGNED_OUT")
            #expect(try await world.signIn(person.email).refusal == nil)
        }
    }

    @Test func `a password is kept as Argon2id, whatever it is`() async throws {
        let hasher = try PasswordHasher(strength: .least)
        for password in ["correct horse battery staple", "пароль", String(repeating: "x", count: 1_000)] {
            let secret = SharedSecret(try Secret(password))
            let hash = try await hasher.hash(secret)
            #expect(hash.hasPrefix("$argon2id$"))
            #expect(try await hasher.hash(secret) != hash, "each has a salt of its own")
            #expect(try await hasher.verify(secret, against: hash))
            #expect(try await !hasher.verify(SharedSecret(try Secret(password + " ")), against: hash))
            #expect(try await !hasher.verify(secret, against: nil))
        }
    }

    @Test func `more passwords than may wait are refused, and those that wait are answered`() async throws {
        let hasher = try PasswordHasher(strength: .interactive, concurrency: 1, waiting: 2)
        let secret = SharedSecret(try Secret("correct horse battery staple"))
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<12 { group.addTask { (try? await hasher.hash(secret)) != nil } }
            return await group.reduce(into: (done: 0, busy: 0)) { if $1 { $0.done += 1 } else { $0.busy += 1 } }
        }
        #expect(outcomes.done >= 3)
        #expect(outcomes.done + outcomes.busy == 12)
        #expect(try await hasher.verify(secret, against: try await hasher.hash(secret)))
    }
}
