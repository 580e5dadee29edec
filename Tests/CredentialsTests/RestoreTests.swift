import Accounts
import Credentials
import Foundation
import Logging
import Postgres
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox
import Vault

@Suite struct RestoreTests {
    @Test
    func `what the backup role has dumped opens in a new database, and with another root key it says which it wants`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.register(clinic)
            let credential = try await world.credential(of: clinic)
            let file = FileManager.default.temporaryDirectory.path + "/dump-\(UUID()).sql"
            defer { try? FileManager.default.removeItem(atPath: file) }
            let dump = Process()
            dump.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            dump.arguments = ["pg_dump", "--file=\(file)", "\(world.data.conninfo) user=switchboard_backup"]
            try dump.run()
            dump.waitUntilExit()
            #expect(dump.terminationStatus == 0)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains(clinic.account.sid))
            #expect(!text.contains(clinic.account.authToken))

            try await withTestDatabase { restored in
                // PostgreSQL 15 and later make the schema themselves.
                try await restored.psql("DROP SCHEMA public CASCADE;\n" + "CREATE SCHEMA public;\n" + text)
                let database = Database(
                    configuration: DatabaseConfiguration(conninfo: restored.conninfo), logger: world.logger)
                let manager = CredentialManager(
                    database: database, listener: world.listener, vault: world.vault, factory: world.factory,
                    audit: world.audit, logger: world.logger)
                let lease = try await manager.lease(clinic.organization, credential: credential, purpose: .send)
                _ = try await lease.client.accounts.fetch()

                let other = KeyVault(rootKey: try RootKey.generate())
                await #expect(
                    throws: VaultError.wrongRootKey(expected: world.vault.rootKeyID, given: other.rootKeyID)
                ) {
                    _ = try await PlatformKeyStore.open(
                        purpose: APIKeys.hashPurpose, vault: other, database: database)
                }
                await database.close()
            }
        }
    }
}
