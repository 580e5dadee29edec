import Accounts
import Audit
import Credentials
import Curl
import Foundation
import Logging
import Postgres
import Twilio
import Vault

/// Asks Twilio about one organization's accounts, each by its own credential; the lease is audited like any other. An API
/// key may not read the account, so it is proved by another call, and what it may not see is said.
struct TwilioExamination: Sendable {
    let settings: Settings
    let logger: Logger

    func examine(_ slug: String, vault: KeyVault, database: Database) async -> [Finding] {
        let name = "Twilio account of \(slug)"
        do {
            let audit = AuditLog(
                key: try await PlatformKeyStore.open(purpose: AuditLog.keyPurpose, vault: vault, database: database))
            let directory = Organizations(database: database, audit: audit)
            guard let organization = try await directory.find(slug: slug) else {
                return [.wrong(name, "there is no such organization", "`switchboard org list` shows those there are.")]
            }
            let transport = try Gateway.transport(settings, logger: logger)
            let manager = CredentialManager(
                database: database,
                listener: NotificationListener(
                    configuration: DatabaseConfiguration(conninfo: settings.database), logger: logger),
                vault: vault,
                factory: TwilioClientFactory(transport: transport, endpoints: try Gateway.endpoints(settings)),
                audit: audit, logger: logger)
            let findings = await examine(name, organization, database, manager)
            await transport.shutdown()
            return findings
        } catch {
            return [.wrong(name, "it could not be asked: \(error)", "Look at the findings above.")]
        }
    }

    private func examine(
        _ name: String, _ organization: OrganizationID, _ database: Database, _ manager: CredentialManager
    ) async -> [Finding] {
        do {
            let rows = try await database.read(
                organization, DoctorQueries.credentialsOf, [.organization(organization)]
            ).rows
            guard !rows.isEmpty else {
                return [.warning(name, "it has registered none", "Its owner does so by registerTwilioCredential.")]
            }
            var findings: [Finding] = []
            for row in rows {
                let account = "\(name), \(row.string("account_sid") ?? "") (\(row.string("label") ?? ""))"
                if row.string("status") != "VERIFIED" {
                    findings.append(
                        .warning(
                            account, "nothing is sent by it: it is \(row.string("status") ?? "of no status")",
                            "Once what is said below is mended, its owner asks verifyCredential."))
                }
                do {
                    let checks = try await manager.checkUp(organization, credential: try row.requireUUID("id"))
                    findings += checks.map { Self.finding(account, $0) }
                } catch {
                    findings.append(
                        .wrong(
                            account, "its secret cannot be opened: \(error)",
                            "`switchboard vault status` shows the keys; its owner can register it anew."))
                }
            }
            return findings
        } catch {
            return [.wrong(name, "its credentials cannot be read: \(error)", "Look at the findings above.")]
        }
    }

    private static func finding(_ name: String, _ check: CredentialCheck) -> Finding {
        let remedy = check.remedy ?? ""
        switch check.state {
        case .passed: return .right(name, check.message)
        case .skipped where remedy.isEmpty: return .right(name, check.message)
        case .warning, .skipped: return .warning(name, check.message, remedy)
        case .failed:
            return .wrong(name, check.message, remedy.isEmpty ? "Look into the Twilio console." : remedy)
        }
    }
}
