import Accounts
import Audit
import Credentials
import Curl
import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import TestSupport
import TestWorld
import Testing
import Vault

/// A revocation is in force within a second also where nobody hears of it.
@Suite(.timeLimit(.minutes(2))) struct RevocationTests {
    /// Cuts the connections that listen, as a broken network would.
    private static func cutListeners(_ world: World) async throws -> Int {
        let cut = try await world.data.psql(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE '% listener'
            """)
        return Int(cut) ?? 0
    }

    @Test func `what is revoked behind the back of a node that hears nothing is refused`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let person = try await world.makePerson("ann@clinic.example", in: [(clinic, .owner)])
            let key = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            let (access, _) = try await world.tokens(person)
            let callers = [try await world.caller(key), try await world.caller(access)]
            // Negative control: while the node listens, it remembers what it found.
            let remembers = try await eventually {
                let before = (await world.isLetIn(key), await world.isLetIn(access))
                try await world.data.psql(
                    "UPDATE api_key_lookups SET revoked_at = now(); UPDATE sessions SET ended_at = now()")
                let after = (await world.isLetIn(key), await world.isLetIn(access))
                try await world.data.psql(
                    "UPDATE api_key_lookups SET revoked_at = NULL; UPDATE sessions SET ended_at = NULL")
                return before.0 && before.1 && after.0 && after.1
            }
            #expect(remembers)
            // Without any announcement: the loss of the connection alone makes the node forget.
            try await world.data.psql(
                "UPDATE api_key_lookups SET revoked_at = now(); UPDATE sessions SET ended_at = now()")
            #expect(try await Self.cutListeners(world) > 0)
            let isRefused = try await eventually {
                let key = await world.isLetIn(key), user = await world.isLetIn(access)
                return !key && !user
            }
            #expect(isRefused)
            for caller in callers { #expect(try await !world.accounts.finder.isStillValid(caller)) }
        }
    }

    @Test func `what is revoked while the server that is listened to has vanished without a word is refused`()
        async throws
    {
        try await withWorld(
            WorldOptions(isWorking: false, listenerPatience: NotificationListener.patience)
        ) { world in
            let clinic = try await world.makeClinic()
            let key = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            #expect(await world.isLetIn(key))
            let listeners = try await world.value(
                """
                SELECT pid FROM pg_stat_activity
                WHERE datname = current_database() AND application_name LIKE '% listener'
                """
            ).split(separator: "\n").compactMap { pid_t($0) }
            #expect(!listeners.isEmpty)
            for listener in listeners { kill(listener, SIGSTOP) }
            defer { for listener in listeners { kill(listener, SIGCONT) } }
            let start = ContinuousClock.now
            try await world.data.psql("UPDATE api_key_lookups SET revoked_at = now()")
            #expect(try await eventually { await !world.isLetIn(key) })
            // The product promises one second; what is beyond that is the machine's.
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test func `a revocation is heard everywhere although the process that made it does nothing more`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            let key = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            // Of another process, which ends with its commit: nobody runs its announcer.
            let ending = Announcer(database: world.database, logger: world.logger)
            let keys = APIKeys(
                database: world.database, announcer: ending,
                hash: KeyedHash(key: try await world.platformKey(APIKeys.hashPurpose)), audit: world.audit)
            let remembers = try await eventually {
                let one = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
                let two = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
                return one === two
            }
            #expect(remembers)
            let id = try #require(try await world.authenticator.identity(of: key)).id
            try await keys.revoke(id, of: clinic.organization, actor: .commandLine)
            #expect(try await eventually { await !world.isLetIn(key) })
            _ = try await OrganizationShredder(database: world.database, announcer: ending, audit: world.audit)
                .shred(clinic.organization)
            let isGone = try await eventually {
                do {
                    _ = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
                    return false
                } catch LeaseError.noCredential {
                    return true
                }
            }
            #expect(isGone)
        }
    }

    @Test(arguments: [false, true])
    func `a live stream ends when what opened it is revoked, also when the node cannot hear of it`(isCut: Bool)
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let token = try await world.keys.issue(
                for: clinic.organization, role: .owner, label: "desk", actor: .commandLine)
            let body = JSONValue.object(["query": "subscription { messageChanged { id } }"]).bytes
            let stream = try await world.stream(body, token: token)
            #expect(stream.status == 200)
            let key = try #require(try await world.authenticator.identity(of: token)).id
            if isCut {
                // The announcement is lost with the connection that would have heard it.
                try await world.data.psql("UPDATE api_key_lookups SET revoked_at = now()")
                #expect(try await Self.cutListeners(world) > 0)
            } else {
                try await world.keys.revoke(key, of: clinic.organization, actor: .commandLine)
            }
            // It ends, or the test would wait for ever; how soon is the bench's to tell.
            var text = ""
            for try await chunk in stream.chunks { text += String(decoding: chunk, as: UTF8.self) }
            #expect(text.contains("UNAUTHENTICATED") && text.contains("event: complete"))
        }
    }
}
