import Accounts
import Audit
import Logging
import Postgres
import Vault

/// What a command at the command line needs of the accounts.
struct AccountTools: Sendable {
    let organizations: Organizations
    let keys: APIKeys
    let audit: AuditTools
    let vault: VaultTools
}

/// Runs one command of administration against an installation's database, and lets go of it again.
enum Administration {
    static func withAccounts(
        _ settings: Settings, logger: Logger, _ body: @Sendable (AccountTools) async throws -> Void
    ) async throws {
        try ProcessHardening.apply()
        let configuration = DatabaseConfiguration(conninfo: settings.database)
        try await Migrator(migrations: Migrations.all(), logger: logger).check(
            conninfo: settings.database)
        let database = Database(configuration: configuration, logger: logger)
        let announcer = Announcer(database: database, logger: logger)
        do {
            let vault = try await RootKeys.open(settings.rootKey, for: database)
            let hash = KeyedHash(
                key: try await PlatformKeyStore.open(purpose: APIKeys.hashPurpose, vault: vault, database: database))
            let audit = try await AuditTools(database: database, vault: vault, logger: logger)
            try await body(
                AccountTools(
                    organizations: Organizations(database: database, audit: audit.log),
                    keys: APIKeys(database: database, announcer: announcer, hash: hash, audit: audit.log),
                    audit: audit,
                    vault: VaultTools(database: database, announcer: announcer, vault: vault, audit: audit.log)))
            await announcer.flush()
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}
