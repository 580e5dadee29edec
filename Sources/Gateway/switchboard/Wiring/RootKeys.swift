import Accounts
import Credentials
import Postgres
import Vault

/// Where an installation has its root key from, and the one that is to follow while a rotation lasts.
struct RootKeySettings: Sendable, Equatable {
    var current: RootKeySource
    /// `nil`: for a file, the one beside it with `.next` at its end, when there is one.
    var next: RootKeySource?
}

/// The root keys of an installation.
enum RootKeys {
    /// The vault under these keys. A key is made only for a database that was never sealed under one: a file that is
    /// missing later was lost or not put back, and a new key in its place would open nothing.
    ///
    /// Both keys are held, and the one that the database says is in force wraps. A running server that meets a record of
    /// a key it does not hold looks for it again, so it need not be started anew when the next file comes.
    static func open(_ settings: RootKeySettings, for database: Database) async throws -> KeyVault {
        let isFirstStart = try await PlatformKeyStore.isEmpty(database)
        let current = try settings.current.open(create: isFirstStart)
        let next = try next(settings)
        let vault = KeyVault(provider: current, also: next.map { [$0] } ?? []) { () throws(VaultError) in
            try reread(settings)
        }
        if let inForce = try await VaultStatus(database: database).rootKeyInForce() {
            try vault.use(rootKey: inForce)
        }
        _ = try await PlatformKeyStore.open(purpose: APIKeys.hashPurpose, vault: vault, database: database)
        return vault
    }

    private static func next(_ settings: RootKeySettings) throws(VaultError) -> (any RootKeyProvider)? {
        if let next = settings.next { return try next.open() }
        return try settings.current.openNext()
    }

    /// A descriptor was read to its end at the start, and a command is asked for its key then.
    private static func reread(_ settings: RootKeySettings) throws(VaultError) -> [any RootKeyProvider] {
        var found: [any RootKeyProvider] = []
        for case .file(let path)? in [settings.current, settings.next] {
            found.append(try RootKeySource.file(path).open())
            if let next = try RootKeySource.file(path).openNext() { found.append(next) }
        }
        return found
    }
}
