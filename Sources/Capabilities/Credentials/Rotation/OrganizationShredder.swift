package import Audit
import Foundation
package import Postgres

/// Destroys an organization's keys, and so everything that was ever sealed under them: all or nothing, in one
/// transaction.
///
/// What a backup holds is still wrapped by the root key: a copy of before is shredded only with that backup, or with a
/// root key that was rotated since and destroyed.
package struct OrganizationShredder: Sendable {
    package struct Report: Sendable, Equatable {
        package let keys: Int
        package let secrets: Int
        package let credentials: Int
        package let hooks: Int
    }

    private let database: Database
    private let announcer: Announcer
    private let audit: AuditLog

    package init(database: Database, announcer: Announcer, audit: AuditLog) {
        self.database = database
        self.announcer = announcer
        self.audit = audit
    }

    package func shred(_ organization: OrganizationID) async throws -> Report {
        let tenant = PostgresValue.organization(organization)
        let report = try await database.withTenant(organization, as: .vault) { transaction in
            _ = try await transaction.execute(CredentialQueries.lockOrganization, [.text(organization.description)])
            let credentials = try await transaction.execute(RotationQueries.revokeAllCredentials, [tenant])
            let hooks = try await transaction.execute(RotationQueries.revokeAllHooks, [tenant])
            let secrets = try await transaction.execute(RotationQueries.deleteAllSecrets, [tenant])
            let keys = try await transaction.execute(RotationQueries.deleteAllKeys, [tenant])
            let report = Report(
                keys: keys.affectedRows, secrets: secrets.affectedRows, credentials: credentials.count,
                hooks: hooks.affectedRows)
            for row in credentials.rows {
                try await audit.append(
                    AuditEvent(
                        actor: .commandLine, action: "credential.revoke", subjectKind: "CREDENTIAL",
                        subjectID: try row.requireUUID("id"), purpose: "organization.shred"),
                    in: transaction)
            }
            try await audit.append(
                AuditEvent(
                    actor: .commandLine, action: "organization.shred", subjectKind: "ORGANIZATION",
                    subjectID: organization.uuid, purpose: "keys \(report.keys), secrets \(report.secrets)"),
                in: transaction)
            try await announcer.announce(
                channel: CredentialManager.channel, payload: organization.description, in: transaction)
            return report
        }
        return report
    }
}
