import Accounts
import Audit
import Credentials
import Foundation
import Postgres
import Vault

/// What a command at the command line needs of the vault.
struct VaultTools: Sendable {
    let status: VaultStatus
    let vault: KeyVault
    let organizations: OrganizationKeyRotation
    let shredder: OrganizationShredder
    private let database: Database
    private let audit: AuditLog

    init(database: Database, announcer: Announcer, vault: KeyVault, audit: AuditLog) {
        self.database = database
        self.audit = audit
        self.vault = vault
        status = VaultStatus(database: database)
        organizations = OrganizationKeyRotation(database: database, vault: vault, audit: audit)
        shredder = OrganizationShredder(database: database, announcer: announcer, audit: audit)
    }

    func rotation(to rootKey: String) throws -> RootKeyRotation {
        try RootKeyRotation(database: database, vault: vault, to: rootKey, audit: audit)
    }
}
