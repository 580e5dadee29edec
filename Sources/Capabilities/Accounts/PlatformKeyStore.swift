import Foundation
package import Postgres
package import Vault

/// Keys of the platform itself, kept in the database wrapped by the root key.
package enum PlatformKeyStore {
    /// The key of this purpose, made at the first start. Opening it is what tells a wrong root key at every start,
    /// before anything is written: then ``VaultError/wrongRootKey(expected:given:)`` is thrown.
    package static func open(
        purpose: String, vault: KeyVault, database: Database
    ) async throws -> PlatformKey {
        if let known = try await find(purpose, in: database) {
            return try vault.openPlatformKey(known, purpose: purpose)
        }
        try await database.withoutTenant(as: .vault) { transaction in
            try await make(purpose: purpose, vault: vault, in: transaction)
        }
        // Another node may have been first: the row that is there is the one that counts.
        guard let kept = try await find(purpose, in: database) else {
            throw PostgresError(.protocolViolation, "a platform key that was just made is not there")
        }
        return try vault.openPlatformKey(kept, purpose: purpose)
    }

    /// A new key, unless there is one of this purpose, wrapped by the root key that is in force in the database and not
    /// only in this process. The lock keeps a rotation of the root key from beginning before this transaction has ended,
    /// so none is left behind.
    static func make(purpose: String, vault: KeyVault, in transaction: Transaction) async throws {
        _ = try await transaction.execute(AccountQueries.shareRootKey)
        let inForce = try await transaction.execute(AccountQueries.rootKeyInForce).rows.first?.string(
            "wrapping_key_id")
        if let inForce, inForce != vault.rootKeyID { try vault.use(rootKey: inForce) }
        let fresh = try vault.makePlatformKey(purpose: purpose)
        _ = try await transaction.execute(
            AccountQueries.insertPlatformPurpose,
            [.text(purpose), .uuid(fresh.keyID), .text(fresh.wrappingKeyID), .bytes(fresh.bytes)])
    }

    /// Whether nothing was ever kept under a root key.
    package static func isEmpty(_ database: Database) async throws -> Bool {
        try await database.query(as: .vault, AccountQueries.findAnyPlatformKey).count == 0
    }

    private static func find(_ purpose: String, in database: Database) async throws -> WrappedKey? {
        let found = try await database.query(as: .vault, AccountQueries.findPlatformPurpose, [.text(purpose)])
        return try found.rows.first.map { row in
            WrappedKey(
                keyID: try row.requireUUID("id"), wrappingKeyID: try row.requireString("wrapping_key_id"),
                bytes: try row.requireBytes("wrapped"))
        }
    }
}
