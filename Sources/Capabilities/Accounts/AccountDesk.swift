package import Audit
package import Curl
package import Logging
package import Postgres
package import ServiceLifecycle
package import Vault

/// What an installation decides about its accounts.
package struct AccountsConfiguration: Sendable {
    package var limits = AccountLimits()
    package var passwordStrength = PasswordHasher.Strength.interactive
    /// Passwords that are hashed at a time; each takes 64 MiB.
    package var passwordConcurrency = 2
    package var delivery: (any PasswordResetDelivery)?

    package init() {}
}

/// This capability as one whole: made once, from the database up.
package struct AccountDesk: Sendable {
    package let organizations: Organizations
    package let keys: APIKeys
    package let users: Users
    package let members: Members
    package let sessions: Sessions
    package let passwords: Passwords
    package let issuers: OutsideIssuers
    package let signingKeys: SigningKeys
    package let authenticator: Authenticator
    package let finder: CallerFinder
    let viewer: ViewerAnswer
    /// They stop before the listener and the database.
    package let services: [any Service]

    /// - Parameter transport: for key sets of outside issuers.
    package init(
        database: Database, listener: NotificationListener, announcer: Announcer, vault: KeyVault, audit: AuditLog,
        transport: HTTPTransport?, configuration: AccountsConfiguration = AccountsConfiguration(), logger: Logger
    ) async throws {
        let limits = configuration.limits
        let hash = KeyedHash(
            key: try await PlatformKeyStore.open(purpose: APIKeys.hashPurpose, vault: vault, database: database))
        let limiter = RateLimiter(
            database: database,
            hash: KeyedHash(
                key: try await PlatformKeyStore.open(
                    purpose: RateLimiter.hashPurpose, vault: vault, database: database)))
        let hasher = try PasswordHasher(
            strength: configuration.passwordStrength, concurrency: configuration.passwordConcurrency)
        let denied = DeniedAttempts(
            database: database, limiter: limiter, limits: limits, audit: audit, logger: logger)
        let check = PasswordCheck(
            database: database, hasher: hasher, limiter: limiter, limits: limits, denied: denied)
        let desk = PasswordResetDesk(
            database: database, hash: hash, audit: audit, delivery: configuration.delivery, logger: logger)
        signingKeys = SigningKeys(database: database, vault: vault, logger: logger)
        // Made at the start, like every other key of the platform.
        _ = try await signingKeys.current()
        sessions = Sessions(
            database: database, announcer: announcer, hash: hash, keys: signingKeys, passwords: check, denied: denied,
            audit: audit)
        passwords = Passwords(
            database: database, announcer: announcer, hash: hash, check: check, desk: desk, audit: audit)
        members = Members(
            database: database, announcer: announcer, hash: hash, check: check, sessions: sessions, audit: audit)
        users = Users(database: database, announcer: announcer, hash: hash, hasher: hasher, audit: audit)
        organizations = Organizations(database: database, announcer: announcer, audit: audit)
        keys = APIKeys(database: database, announcer: announcer, hash: hash, audit: audit)
        issuers = OutsideIssuers(
            database: database, announcer: announcer, sets: transport.map { PublicKeySets(transport: $0) }, audit: audit
        )
        authenticator = Authenticator(
            database: database, listener: listener, hash: hash, signingKeys: signingKeys, issuers: issuers,
            tokenMemory: limits.tokenMemory, logger: logger)
        finder = CallerFinder(
            authenticator: authenticator, allowance: limits.api.map { APIAllowance(limiter: limiter, limit: $0) },
            denied: denied)
        viewer = ViewerAnswer(database: database)
        services = [
            desk, AccountsUpkeep(authenticator: authenticator, limiter: limiter, logger: logger), authenticator,
        ]
    }
}
