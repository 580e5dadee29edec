import Accounts
import Audit
import Credentials
import Foundation
import GraphQL
import OrderedCollections
import Postgres
import Synchronization
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox
import Vault

/// A rotation that is cut off after each of its commits, and begun again by somebody else.
@Suite struct KeyRotationTests {
    struct Killed: Error {}

    /// Ends a rotation at its nth boundary, and remembers how many it passed.
    final class Failpoint: Sendable {
        private let seen = Mutex(0)
        private let at: Int

        init(at: Int) { self.at = at }

        var passed: Int { seen.withLock { $0 } }

        func reach(_ step: RotationStep) throws {
            let count = seen.withLock { seen in
                seen += 1
                return seen
            }
            if count == at { throw Killed() }
        }
    }

    /// Three credentials of one organization, registered while Twilio cannot be reached, so that no account is claimed.
    static func fill(_ world: World, _ clinic: Clinic) async throws -> [UUID] {
        for account in world.carrier.accounts { _ = try await world.register(clinic, account: account) }
        return try await world.value("SELECT id FROM credentials ORDER BY created_at").split(separator: "\n")
            .compactMap { UUID(uuidString: String($0)) }
    }

    /// Every credential opens to its own account.
    static func expectReadable(
        _ world: World, _ clinic: Clinic, _ credentials: [UUID], _ vault: KeyVault? = nil,
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        let manager = CredentialManager(
            database: world.database, listener: world.listener, vault: vault ?? world.vault, factory: world.factory,
            audit: world.audit, logger: world.logger)
        for (credential, account) in zip(credentials, world.carrier.accounts) {
            let lease = try await manager.lease(clinic.organization, credential: credential, purpose: .send)
            #expect(lease.accountSID.description == account.sid, sourceLocation: sourceLocation)
            _ = try await lease.client.accounts.fetch()
        }
    }

    @Test func `an organization's rotation that is killed after any commit is finished by the next, and leases go on`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let credentials = try await Self.fill(world, clinic)
            let rotation = OrganizationKeyRotation(
                database: world.database, vault: world.vault, audit: world.audit, chunk: 1)
            var boundary = 1
            while true {
                let failpoint = Failpoint(at: boundary)
                let former = try await world.value("SELECT id FROM organization_keys WHERE state = 'ACTIVE'")
                let isWhole: Bool
                do {
                    _ = try await rotation.run(clinic.organization) { try failpoint.reach($0) }
                    isWhole = true
                } catch is Killed {
                    isWhole = false
                }
                try await Self.expectReadable(world, clinic, credentials)
                // After the last commit nothing is left to do, so there the next one would begin another rotation.
                if !isWhole, try await world.count("organization_keys", where: "state = 'RETIRED'") > 0 {
                    let report = try await rotation.run(clinic.organization)
                    #expect(report.left == 0)
                    #expect(report.destroyed == 1)
                }
                #expect(try await world.count("organization_keys") == 1)
                #expect(try await world.count("organization_keys", where: "id = '\(former)'") == 0)
                try await Self.expectReadable(world, clinic, credentials)
                if isWhole { break }
                boundary += 1
            }
            // The new key, a chunk for each secret, and the end.
            #expect(boundary == 6)
            #expect(try await world.count("audit_events", where: "action = 'organization_key.rotate'") == boundary)
            #expect(try await world.count("audit_events", where: "action = 'organization_key.destroy'") == boundary)
        }
    }

    @Test func `a rotation moves every secret, and changes no more than its wrapping`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let credentials = try await Self.fill(world, clinic)
            // Behind the wrapped data key the secret's own ciphertext begins.
            let bodies =
                "SELECT string_agg(encode(substr(sealed, 122), 'hex'), ',' ORDER BY credential_id) FROM sealed_secrets"
            let before = try await world.value(bodies)
            let report = try await OrganizationKeyRotation(
                database: world.database, vault: world.vault, audit: world.audit, chunk: 2
            ).run(clinic.organization)
            #expect(report.moved == 3)
            #expect(report.refused == [])
            #expect(try await world.value(bodies) == before)
            try await Self.expectReadable(world, clinic, credentials)
        }
    }

    @Test func `what changes between two commits of a rotation is not overwritten, and not lost`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let credentials = try await Self.fill(world, clinic)
            let token = String(repeating: "b", count: 32)
            try await world.carrier.control("/accounts/\(world.carrier.accounts[2].sid)", #"{"authToken":"\#(token)"}"#)
            let rotation = OrganizationKeyRotation(
                database: world.database, vault: world.vault, audit: world.audit, chunk: 1)
            let report = try await rotation.run(clinic.organization) { step in
                guard step == .keyChanged else { return }
                _ = try await world.rotate(
                    credentials[2], ["authToken": .string(token)], as: clinic)
                _ = try await world.mutate(
                    "revokeCredential",
                    ["id": .string("cred_" + credentials[1].uuidString.lowercased().replacing("-", with: ""))],
                    "credential { status }", as: clinic)
            }
            // One was sealed under the new key already, and one is gone; the former token is kept for signatures.
            #expect(report.moved == 2)
            #expect(report.left == 0)
            #expect(report.destroyed == 1)
            let lease = try await world.credentials.lease(
                clinic.organization, credential: credentials[2], purpose: .send)
            #expect(lease.version == 2)
            _ = try await lease.client.accounts.fetch()
        }
    }

    @Test func `negative control: a key that is retired while secrets are under it cannot be destroyed`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await Self.fill(world, clinic)
            await #expect(throws: (any Error).self) {
                try await world.data.psql("DELETE FROM organization_keys", as: "switchboard_owner")
            }
            #expect(try await world.count("organization_keys") == 1)
        }
    }

    @Test func `what was tampered with is named, stays under its key, and stops nothing else`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let credentials = try await Self.fill(world, clinic)
            try await world.data.psql(
                """
                UPDATE sealed_secrets SET sealed = set_byte(sealed, 60, get_byte(sealed, 60) # 1)
                WHERE credential_id = '\(credentials[1])'
                """)
            let rotation = OrganizationKeyRotation(database: world.database, vault: world.vault, audit: world.audit)
            let report = try await rotation.run(clinic.organization)
            #expect(report.moved == 2)
            #expect(report.left == 1)
            #expect(report.destroyed == 0)
            #expect(report.refused.count == 1)
            #expect(report.refused.first?.contains(credentials[1].uuidString.lowercased()) == true)
            #expect(
                try await world.count("audit_events", where: "action = 'credential.open' AND outcome = 'REFUSED'") == 1)

            // It keeps the organization from no further key, and the others move on.
            let active = "SELECT id FROM organization_keys WHERE state = 'ACTIVE'"
            let second = try await world.value(active)
            let again = try await rotation.run(clinic.organization)
            #expect(try await world.value(active) != second)
            #expect(again.moved == 2 && again.left == 1 && again.refused.count == 1)
            #expect(again.destroyed == 1)
            try await Self.expectReadable(world, clinic, [credentials[0]])
            // With the credential goes the last that is under the first key.
            _ = try await world.mutate(
                "revokeCredential",
                ["id": .string("cred_" + credentials[1].uuidString.lowercased().replacing("-", with: ""))],
                "credential { status }", as: clinic)
            let last = try await rotation.run(clinic.organization)
            #expect(last.left == 0 && last.refused == [])
            #expect(try await world.count("organization_keys", where: "state = 'RETIRED'") == 0)
        }
    }

    @Test
    func
        `a root key's rotation that is killed after any commit is finished by the next, and servers that hold both go on`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let credentials = try await Self.fill(world, clinic)
            for index in 0..<3 {
                let other = try await world.makeClinic(index, slug: "other-\(index)")
                await world.carrier.stop()
                _ = try await world.register(other, account: world.carrier.accounts[index])
                try await world.carrier.start()
            }
            let first = LocalRootKey(try RootKey.generate())
            var current = world.vault
            var next = first
            var boundary = 1
            while true {
                let both = KeyVault(provider: next)
                let held = current.holding(also: next)
                let rotation = try RootKeyRotation(
                    database: world.database, vault: held, to: next.rootKeyID, audit: world.audit, chunk: 1)
                let failpoint = Failpoint(at: boundary)
                let isWhole: Bool
                do {
                    _ = try await rotation.run { try failpoint.reach($0) }
                    isWhole = true
                } catch is Killed {
                    isWhole = false
                }
                // A server that holds both opens everything; one that holds the former key alone says which it wants.
                try await Self.expectReadable(world, clinic, credentials, held)
                let report = try await rotation.run()
                #expect(report.left == 0)
                #expect(report.refused == [])
                try await Self.expectReadable(world, clinic, credentials, both)
                await #expect(throws: VaultError.wrongRootKey(expected: next.rootKeyID, given: current.rootKeyID)) {
                    try await Self.expectReadable(world, clinic, credentials, current)
                }
                if isWhole { break }
                boundary += 1
                current = both
                next = LocalRootKey(try RootKey.generate())
            }
            #expect(boundary > 6)
            #expect(try await VaultStatus(database: world.database).keysNotUnder(next.rootKeyID) == 0)
            #expect(try await world.count("audit_events", where: "action = 'root_key.rotate'") == boundary)
        }
    }

    @Test
    func
        `after a change of root key an organization's first secret goes under the new one, whatever the server wraps with`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let next = LocalRootKey(try RootKey.generate())
            let held = world.vault.holding(also: next)
            _ = try await RootKeyRotation(
                database: world.database, vault: held, to: next.rootKeyID, audit: world.audit
            ).run()
            // The world's own vault has never heard of it, and says which key is wanted instead of using the former.
            let clinic = try await world.makeClinic()
            await #expect(throws: (any Error).self) { _ = try await world.register(clinic) }
            #expect(try await world.count("organization_keys") == 0)
            #expect(world.log.all.contains { $0.contains(next.rootKeyID) })
        }
    }

    @Test func `a signing key that is made after a change of root key goes under the new one`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let next = LocalRootKey(try RootKey.generate())
            let held = world.vault.holding(also: next)
            _ = try await RootKeyRotation(
                database: world.database, vault: held, to: next.rootKeyID, audit: world.audit
            ).run()
            // Whoever does not hold the key in force makes none under the former.
            await #expect(throws: (any Error).self) {
                _ = try await world.accounts.signingKeys.rotate(audit: world.audit, actor: .commandLine)
            }
            #expect(held.rootKeyID != next.rootKeyID)
            let keys = SigningKeys(database: world.database, vault: held, logger: world.logger)
            _ = try await keys.rotate(audit: world.audit, actor: .commandLine)
            #expect(try await world.count("platform_keys", where: "purpose LIKE 'access-token-%'") == 2)
            #expect(try await world.count("platform_keys", where: "wrapping_key_id <> '\(next.rootKeyID)'") == 0)
            let late = try await PlatformKeyStore.open(purpose: "late", vault: held, database: world.database)
            #expect(late.purpose == "late")
            #expect(try await world.count("platform_keys", where: "wrapping_key_id <> '\(next.rootKeyID)'") == 0)
        }
    }

    @Test func `a former signing key that does not open stops nobody, and the newest must open`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            _ = try await world.accounts.signingKeys.rotate(audit: world.audit, actor: .commandLine)
            func damage(_ number: Int) async throws {
                try await world.data.psql(
                    """
                    UPDATE platform_keys SET wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1)
                    WHERE purpose = 'access-token-\(number)'
                    """)
            }
            func current() async throws -> UUID {
                let keys = SigningKeys(database: world.database, vault: world.vault, logger: world.logger)
                let key = try await keys.current()
                return key.id
            }
            let newest = try await world.accounts.signingKeys.current().id
            try await damage(1)
            #expect(try await current() == newest)
            #expect(world.log.all.contains { $0.contains("access-token-1") })
            try await damage(2)
            await #expect(throws: VaultError.self) { _ = try await current() }
        }
    }

    @Test func `a shredded organization has nothing left to open, and another one everything`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic(0)
            let other = try await world.makeClinic(1)
            _ = try await world.register(clinic)
            _ = try await world.register(other)
            let credential = try await world.credential(of: clinic)
            let kept = try await world.credential(of: other)
            let report = try await OrganizationShredder(
                database: world.database, announcer: world.announcer, audit: world.audit
            ).shred(clinic.organization)
            #expect(report.keys == 1 && report.secrets == 1 && report.credentials == 1 && report.hooks == 1)
            let gone = try await eventually {
                do {
                    _ = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .send)
                    return false
                } catch LeaseError.noCredential {
                    return true
                }
            }
            #expect(gone)
            let lease = try await world.credentials.lease(other.organization, credential: kept, purpose: .send)
            _ = try await lease.client.accounts.fetch()
            let mine = "org_id = '\(clinic.organization)'"
            #expect(try await world.count("organization_keys", where: mine) == 0)
            #expect(try await world.count("sealed_secrets", where: mine) == 0)
            #expect(try await world.count("hook_tokens", where: "\(mine) AND revoked_at IS NULL") == 0)
            #expect(try await world.count("audit_events", where: "\(mine) AND action = 'organization.shred'") == 1)
            // It may begin anew.
            #expect(try await world.register(clinic)["credential"]?["status"] == "VERIFIED")
        }
    }
}
