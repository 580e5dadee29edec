import Accounts
import Audit
import Curl
import Logging
import Postgres
import Vault

/// What a command at the command line needs of the accounts.
struct AccountTools: Sendable {
    let desk: AccountDesk
    let audit: AuditTools
    let vault: VaultTools

    var organizations: Organizations { desk.organizations }
    var keys: APIKeys { desk.keys }
    var users: Users { desk.users }

    /// The organization of this slug.
    func organization(_ slug: String) async throws -> OrganizationID {
        guard let found = try await organizations.find(slug: slug) else { throw AccountError.noSuchOrganization(slug) }
        return found
    }

    /// The user of this e-mail.
    func user(_ email: String) async throws -> Users.User {
        guard let found = try await users.find(email: email) else { throw AccountError.noSuchUser(email) }
        return found
    }
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
        let transport = try Gateway.transport(settings, logger: logger)
        do {
            let vault = try await RootKeys.open(settings.rootKey, for: database)
            let audit = try await AuditTools(database: database, vault: vault, logger: logger)
            let desk = try await AccountDesk(
                database: database, listener: NotificationListener(configuration: configuration, logger: logger),
                announcer: announcer, vault: vault, audit: audit.log, transport: transport, logger: logger)
            try await body(
                AccountTools(
                    desk: desk, audit: audit,
                    vault: VaultTools(database: database, announcer: announcer, vault: vault, audit: audit.log)))
            await announcer.flush()
        } catch {
            await database.close()
            await transport.shutdown()
            throw error
        }
        await database.close()
        await transport.shutdown()
    }
}
