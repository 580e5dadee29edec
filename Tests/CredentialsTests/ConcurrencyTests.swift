import Audit
import Credentials
import Foundation
import Postgres
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox
import Vault

@Suite struct ConcurrencyTests {
    /// `SWITCHBOARD_LONG_TESTS=1` goes twenty times round.
    static var rounds: Int { ProcessInfo.processInfo.environment["SWITCHBOARD_LONG_TESTS"] == "1" ? 240 : 12 }

    /// Seals, opens, rotates, revokes and shreds at once. Whoever gets a lease gets the secret of the very credential that
    /// was asked for, or an error that says why not.
    @Test func `no secret of one is ever answered for another, whatever goes on beside`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinics = [try await world.makeClinic(0), try await world.makeClinic(1), try await world.makeClinic(2)]
            for clinic in clinics { _ = try await world.register(clinic) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for clinic in clinics {
                    group.addTask { try await Self.open(world, clinic) }
                    group.addTask { try await Self.rotate(world, clinic) }
                }
                group.addTask { try await Self.revoke(world, clinics[1]) }
                group.addTask { try await Self.shred(world, clinics[2]) }
                try await group.waitForAll()
            }
            // What was neither revoked nor shredded for good still opens, and nothing is left under a retired key.
            for clinic in clinics {
                _ = try await world.register(clinic)
                let lease = try await world.credentials.lease(
                    clinic.organization, credential: try await world.credential(of: clinic), purpose: .send)
                _ = try await lease.client.accounts.fetch()
            }
            #expect(try await world.count("organization_keys", where: "state = 'RETIRED'") == 0)
            #expect(try await world.count("audit_events", where: "action = 'credential.open'") == 0)
        }
    }

    private static func open(_ world: World, _ clinic: Clinic) async throws {
        let manager = world.makeCredentialManager()
        let expected = Array(clinic.account.authToken.utf8)
        for _ in 0..<rounds * 4 {
            guard let credential = try? await world.credential(of: clinic) else { continue }
            do {
                let lease = try await manager.lease(clinic.organization, credential: credential, purpose: .send)
                for token in lease.signingKeys(at: Date()).authTokens {
                    #expect(token.withBytes { $0.elementsEqual(expected) })
                }
                #expect(lease.accountSID.description == clinic.account.sid)
            } catch LeaseError.noCredential {
                // It was revoked or shredded between the question for its id and this one.
            }
        }
    }

    private static func rotate(_ world: World, _ clinic: Clinic) async throws {
        let rotation = OrganizationKeyRotation(
            database: world.database, vault: world.vault, audit: world.audit, chunk: 1)
        for _ in 0..<rounds {
            let report = try await rotation.run(clinic.organization)
            #expect(report.refused == [])
        }
    }

    private static func revoke(_ world: World, _ clinic: Clinic) async throws {
        for _ in 0..<rounds {
            try await world.revoke(clinic)
            _ = try await world.register(clinic)
        }
    }

    private static func shred(_ world: World, _ clinic: Clinic) async throws {
        let shredder = OrganizationShredder(
            database: world.database, announcer: world.announcer, audit: world.audit)
        for _ in 0..<rounds {
            _ = try await shredder.shred(clinic.organization)
            _ = try await world.register(clinic)
        }
    }
}
