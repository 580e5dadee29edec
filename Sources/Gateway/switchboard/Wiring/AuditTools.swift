import Accounts
import Audit
import Logging
import Postgres
import Vault

/// What a command at the command line needs of the audit log.
struct AuditTools: Sendable {
    let database: Database
    let log: AuditLog
    let verifier: AuditVerifier
    let checkpoints: AuditCheckpoints
    let sealer: AuditSealer

    init(database: Database, vault: KeyVault, logger: Logger) async throws {
        self.database = database
        let key = try await PlatformKeyStore.open(purpose: AuditLog.keyPurpose, vault: vault, database: database)
        let seed = try await PlatformKeyStore.open(
            purpose: AuditCheckpoint.keyPurpose, vault: vault, database: database)
        log = AuditLog(key: key)
        verifier = AuditVerifier(database: database, key: key)
        checkpoints = AuditCheckpoints(database: database, key: try SigningKey(seed: seed))
        sealer = AuditSealer(database: database, key: key, logger: logger)
    }

    /// The one that was asked for, or all of them and the platform's own, and those that checkpoints name.
    func organizations(
        slug: String?, among directory: Organizations, and checkpoints: [AuditCheckpoint] = []
    ) async throws -> [OrganizationID] {
        guard let slug else { return try await verifier.organizations(and: checkpoints) }
        guard let found = try await directory.find(slug: slug) else { throw AccountError.noSuchOrganization(slug) }
        return [found]
    }

    /// That the log was looked at stands in the log.
    func record(_ action: String, of organizations: [OrganizationID]) async throws {
        for organization in organizations {
            try await database.withTenant(organization, as: .vault) { transaction in
                try await log.append(
                    AuditEvent(actor: .commandLine, action: action, subjectKind: "AUDIT_LOG"), in: transaction)
            }
        }
    }
}
