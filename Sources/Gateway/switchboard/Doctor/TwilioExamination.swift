import Accounts
import Audit
import Credentials
import Curl
import Foundation
import Logging
import Postgres
import Twilio
import Vault

/// Asks Twilio about one organization's account, by its own credential; the lease is audited like any other.
struct TwilioExamination: Sendable {
    let settings: Settings
    let logger: Logger

    func examine(_ slug: String, vault: KeyVault, database: Database) async -> Finding {
        let name = "Twilio account of \(slug)"
        do {
            let audit = AuditLog(
                key: try await PlatformKeyStore.open(purpose: AuditLog.keyPurpose, vault: vault, database: database))
            let directory = Organizations(database: database, audit: audit)
            guard let organization = try await directory.find(slug: slug) else {
                return .wrong(name, "there is no such organization", "`switchboard org list` shows those there are.")
            }
            let transport = try Gateway.transport(settings, logger: logger)
            let finding = await ask(name, organization, vault, database, audit, transport)
            await transport.shutdown()
            return finding
        } catch {
            return .wrong(name, "it could not be asked: \(error)", "Look at the findings above.")
        }
    }

    private func ask(
        _ name: String, _ organization: OrganizationID, _ vault: KeyVault, _ database: Database, _ audit: AuditLog,
        _ transport: HTTPTransport
    ) async -> Finding {
        do {
            let manager = CredentialManager(
                database: database,
                listener: NotificationListener(
                    configuration: DatabaseConfiguration(conninfo: settings.database), logger: logger),
                vault: vault,
                factory: TwilioClientFactory(transport: transport, endpoints: try Gateway.endpoints(settings)),
                audit: audit, logger: logger)
            let found = try await database.read(
                organization, DoctorQueries.credentialOf, [.organization(organization)])
            guard let credential = found.rows.first?.uuid("id") else { throw LeaseError.noCredential }
            let lease = try await manager.lease(organization, credential: credential, purpose: .verify)
            let account = try await lease.client.accounts.fetch()
            return account.status == .active
                ? .right(name, "\(lease.accountSID) is active")
                : .wrong(
                    name, "\(lease.accountSID) is \(account.status?.rawValue ?? "of unknown status")",
                    "Look into the Twilio console.")
        } catch LeaseError.noCredential {
            return .warning(name, "it has registered none", "Its owner does so by registerTwilioCredential.")
        } catch {
            return .wrong(
                name, "Twilio refused, or could not be reached: \(error)",
                "Check the network, and whether the token was changed at Twilio; rotate the credential then.")
        }
    }
}
