import Foundation
import Postgres
import Vault

/// The key that wraps the data keys of one organization, made when its first secret is sealed.
enum OrganizationKeyStore {
    /// The caller holds the organization's lock (``CredentialQueries/lockOrganization``), so that nothing is sealed under
    /// a key that a rotation is about to destroy.
    static func active(
        for organization: OrganizationID, vault: KeyVault, in transaction: Transaction
    ) async throws -> WrappedKey {
        if let key = try await find(organization, in: transaction) { return key }
        let fresh = try await make(for: organization, vault: vault, in: transaction)
        _ = try await transaction.execute(
            CredentialQueries.insertOrganizationKey,
            [
                .organization(organization), .uuid(fresh.keyID), .text(fresh.wrappingKeyID), .bytes(fresh.bytes),
            ])
        // Another transaction may have been first: the row that is there is the one that counts.
        guard let kept = try await find(organization, in: transaction) else {
            throw PostgresError(.protocolViolation, "an organization key that was just made is not there")
        }
        return kept
    }

    /// A new key, wrapped by the root key that is in force in the database and not only in this process. The lock keeps
    /// a rotation of the root key from beginning before this transaction has ended, so none is left behind.
    static func make(
        for organization: OrganizationID, vault: KeyVault, in transaction: Transaction
    ) async throws -> WrappedKey {
        _ = try await transaction.execute(RotationQueries.shareRootKey)
        let inForce = try await transaction.execute(RotationQueries.rootKeyInForce).rows.first?.string(
            "wrapping_key_id")
        return try await vault.work { vault throws(VaultError) in
            if let inForce, inForce != vault.rootKeyID { try vault.use(rootKey: inForce) }
            return try vault.makeOrganizationKey(organization: organization.uuid)
        }
    }

    private static func find(
        _ organization: OrganizationID, in transaction: Transaction
    ) async throws(PostgresError) -> WrappedKey? {
        let found = try await transaction.execute(
            CredentialQueries.activeOrganizationKey, [.organization(organization)])
        return try found.rows.first.map { row throws(PostgresError) in try WrappedKey(row: row) }
    }
}

extension WrappedKey {
    /// From a row with `id`, `wrapping_key_id` and `wrapped`.
    init(row: PostgresRow) throws(PostgresError) {
        self.init(
            keyID: try row.requireUUID("id"), wrappingKeyID: try row.requireString("wrapping_key_id"),
            bytes: try row.requireBytes("wrapped"))
    }
}
