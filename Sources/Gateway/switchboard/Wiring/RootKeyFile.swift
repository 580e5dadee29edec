import Accounts
import Postgres
import Vault

/// The root key of an installation.
enum RootKeyFile {
    /// The vault under the key in this file. A key is made only for a database that was never sealed under one: a file
    /// that is missing later was lost or not put back, and a new key in its place would open nothing.
    static func open(_ path: String, for database: Database) async throws -> KeyVault {
        let isFirstStart = try await PlatformKeyStore.isEmpty(database)
        let vault = KeyVault(rootKey: try RootKey.load(path: path, create: isFirstStart))
        _ = try await PlatformKeyStore.open(purpose: APIKeys.hashPurpose, vault: vault, database: database)
        return vault
    }
}
