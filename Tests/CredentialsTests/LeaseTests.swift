import Credentials
import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import ServiceLifecycle
import TestSupport
import TestWorld
import Testing
import Twilio

@Suite struct LeaseTests {
    /// Waits until a manager hears of changes, and so remembers its leases.
    static func isRemembering(_ manager: CredentialManager, _ clinic: Clinic, _ credential: UUID) async throws -> Bool {
        try await eventually {
            let one = try await manager.lease(clinic.organization, credential: credential, purpose: .send)
            return try await manager.lease(clinic.organization, credential: credential, purpose: .send) === one
        }
    }

    @Test func `the audit of a lease says who asked, in which request and from where`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let id = try await world.register(clinic)["credential"]?["id"] ?? .null
            guard case .apiKey(let key) = clinic.caller.kind else { return #expect(Bool(false)) }
            let caller = Caller(
                kind: .apiKey(id: key), role: .owner, organization: clinic.organization, requestID: "who-asked",
                address: "192.0.2.7")
            _ = try await world.ask(
                "mutation M($i: VerifyCredentialInput!) { verifyCredential(input: $i) { credential { status } } }",
                ["i": ["id": id]], as: caller)
            let lease = "action = 'credential.lease' AND purpose = 'credential.verify'"
            #expect(
                try await world.value(
                    "SELECT actor_kind, actor_id, request_id, source FROM audit_events WHERE \(lease)")
                    == "API_KEY|\(key.uuidString.lowercased())|who-asked|192.0.2.7")
            // Negative control: what the server does by itself.
            _ = try await world.credentials.lease(
                clinic.organization, credential: try await world.credential(of: clinic), purpose: .send)
            #expect(
                try await world.value(
                    "SELECT actor_kind FROM audit_events WHERE action = 'credential.lease' AND purpose = 'message.send'"
                )
                    == "WORKER")
        }
    }

    @Test func `a lease is audited with its purpose, once while it is shared`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            #expect(try await Self.isRemembering(world.credentials, clinic, credential))
            let leases = "action = 'credential.lease' AND purpose = 'message.send'"
            let before = try await world.count("audit_events", where: leases)
            for _ in 0..<20 {
                _ = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
            }
            #expect(try await world.count("audit_events", where: leases) == before)
            _ = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .sync)
            #expect(try await world.count("audit_events", where: "purpose = 'sync.run'") == 1)
        }
    }

    /// Asks for the lease of a credential `count` times while nobody can open one; then cancels the first who asked. The first's
    /// opening has begun before the others ask.
    private static func ask(
        _ count: Int, _ manager: CredentialManager, _ clinic: Clinic, _ credential: UUID, in world: World
    ) async throws -> [Result<TwilioLease, any Error>] {
        let ask = { @Sendable in
            try await manager.lease(clinic.organization, credential: credential, purpose: .send)
        }
        let asking = try await world.database.withTenant(clinic.organization, as: .vault) { transaction in
            _ = try await transaction.execute(Statement("LOCK TABLE sealed_secrets IN ACCESS EXCLUSIVE MODE"))
            var asking = [Task.immediate { try await ask() }]
            let isOpening = try await eventually {
                try await world.value(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND usename = 'switchboard_vault' AND wait_event_type = 'Lock'
                    """) == "1"
            }
            #expect(isOpening)
            for _ in 1..<count { asking.append(Task.immediate { try await ask() }) }
            asking[0].cancel()
            return asking
        }
        var results: [Result<TwilioLease, any Error>] = []
        for task in asking { results.append(await task.result) }
        return results
    }

    @Test func `those who ask while a lease is opened share it, also when the first of them goes`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            #expect(try await Self.isRemembering(world.credentials, clinic, credential))
            let leases = "action = 'credential.lease' AND purpose = 'message.send'"
            let before = try await world.count("audit_events", where: leases)
            world.credentials.forget()
            let results = try await Self.ask(40, world.credentials, clinic, credential, in: world)
            #expect(try await world.count("audit_events", where: leases) == before + 1)
            let one = try results[39].get()
            for result in results.dropFirst() { #expect(try result.get() === one) }

            // When it fails, it fails for all of them, and the next who asks tries anew.
            try await world.data.psql("REVOKE INSERT ON audit_events FROM switchboard_vault")
            world.credentials.forget()
            for result in try await Self.ask(10, world.credentials, clinic, credential, in: world) {
                #expect(throws: (any Error).self) { try result.get() }
            }
            try await world.data.psql("GRANT INSERT ON audit_events TO switchboard_vault")
            let next = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
            #expect(next !== one)
            #expect(try await world.count("audit_events", where: leases) == before + 2)
        }
    }

    @Test func `nobody gets a lease whose opening began before they asked, where it could have been revoked since`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            // It hears no announcements.
            let deaf = world.makeCredentialManager()
            let results = try await Self.ask(10, deaf, clinic, credential, in: world)
            let second = try results[1].get()
            if case .success(let first) = results[0] { #expect(first !== second) }
            for result in results.dropFirst() { #expect(try result.get() === second) }
        }
    }

    @Test func `a credential that Twilio refuses three times in a row is INVALID before the third call returns`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            try await world.carrier.misbehave(
                #"{"do":"status","status":401,"times":3,"match":{"method":"GET","path":"/Balance"}}"#)
            let lease = try await world.credentials.lease(
                clinic.organization, credential: credential, purpose: .sync)
            for _ in 0..<3 {
                #expect(try await world.count("credentials", where: "status = 'VERIFIED'") == 1)
                await #expect(throws: TwilioCallError.self) { _ = try await lease.client.balance() }
            }
            #expect(try await world.count("credentials", where: "status = 'INVALID'") == 1)
            #expect(try await world.count("audit_events", where: "action = 'credential.invalidate'") == 1)
        }
    }

    @Test func `without an audit row there is no lease, and nothing is sent`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("REVOKE INSERT ON audit_events FROM switchboard_vault")
            let credential = try await world.credential(of: clinic)
            await #expect(throws: PostgresError.self) {
                try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
            }
            _ = try await world.send(as: clinic)
            #expect(
                try await eventually { try await world.count("message_attempts", where: "state = 'NOT_SENT'") == 1 })
            #expect(try await world.carrier.posts() == 0)
            #expect(try await world.status() == "QUEUED")

            // Negative control: with the grant back, the same message goes out.
            try await world.data.psql("GRANT INSERT ON audit_events TO switchboard_vault")
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test func `a revocation here drops what another node remembers`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            let other = world.makeCredentialManager()
            let group = ServiceGroup(configuration: .init(services: [other], logger: world.logger))
            let running = Task { try await group.run() }
            #expect(try await Self.isRemembering(other, clinic, credential))

            // Negative control: what is revoked behind everybody's back is still remembered.
            let remembered = try await other.lease(clinic.organization, credential: credential, purpose: .send)
            try await world.data.psql("DELETE FROM sealed_secrets")
            #expect(
                try await other.lease(clinic.organization, credential: credential, purpose: .send) === remembered)

            try await world.revoke(clinic)
            let dropped = try await eventually {
                do {
                    _ = try await other.lease(clinic.organization, credential: credential, purpose: .send)
                    return false
                } catch LeaseError.noCredential {
                    return true
                }
            }
            #expect(dropped)
            await group.triggerGracefulShutdown()
            try await running.value
        }
    }

    @Test func `a manager that hears no announcements remembers nothing`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            let deaf = world.makeCredentialManager()
            let one = try await deaf.lease(clinic.organization, credential: credential, purpose: .send)
            #expect(try await deaf.lease(clinic.organization, credential: credential, purpose: .send) !== one)
        }
    }

    @Test func `while the listening connection is cut nothing remembered is used, and afterwards it is again`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            #expect(try await Self.isRemembering(world.credentials, clinic, credential))
            // It may not come back before it is let in again; who is connected stays so.
            try await world.data.psql(
                """
                REVOKE CONNECT ON DATABASE \(world.data.name) FROM PUBLIC, switchboard_queue;
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = '\(world.data.name)' AND application_name LIKE '% listener';
                """)
            let isBypassed = try await eventually {
                let one = try await world.credentials.lease(
                    clinic.organization, credential: credential, purpose: .send)
                return try await world.credentials.lease(
                    clinic.organization, credential: credential, purpose: .send) !== one
            }
            #expect(isBypassed)
            // What is done behind its back is seen by the very next lease.
            try await world.data.psql(
                "UPDATE credentials SET status = 'REVOKED', revoked_at = now(), is_default = false")
            await #expect(throws: LeaseError.noCredential) {
                try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
            }
            try await world.data.psql(
                """
                GRANT CONNECT ON DATABASE \(world.data.name) TO PUBLIC, switchboard_queue;
                UPDATE credentials SET status = 'VERIFIED', revoked_at = NULL;
                """)
            #expect(try await Self.isRemembering(world.credentials, clinic, credential))
        }
    }

    @Test func `another organization's credential is none`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let first = try await world.makeClinic(0)
            let second = try await world.makeClinic(1)
            _ = try await world.register(first)
            let credential = try await world.credential(of: first)
            await #expect(throws: LeaseError.noCredential) {
                try await world.credentials.lease(second.organization, credential: credential, purpose: .send)
            }
            await #expect(throws: LeaseError.noCredential) {
                try await world.credentials.lease(second.organization, credential: UUID(), purpose: .send)
            }
            let own = try await world.credentials.lease(first.organization, credential: credential, purpose: .send)
            #expect(own.organization == first.organization)
        }
    }
}
