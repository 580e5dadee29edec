import Foundation
import Postgres
import Vault

/// The key that wraps the data keys of one organization, made when its first secret is sealed.
enum OrganizationKeyStore {
    static func active(
        for organization: OrganizationID, vault: KeyVault, in transaction: Transaction
    ) async throws -> WrappedKey {
        if let key = try await find(organization, in: transaction) { return key }
        let fresh = try vault.makeOrganizationKey(organization: organization.uuid)
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

    private static func find(
        _ organization: OrganizationID, in transaction: Transaction
    ) async throws(PostgresError) -> WrappedKey? {
        let found = try await transaction.execute(
            CredentialQueries.activeOrganizationKey, [.organization(organization)])
        guard let row = found.rows.first else { return nil }
        return WrappedKey(
            keyID: try row.requireUUID("id"), wrappingKeyID: try row.requireString("wrapping_key_id"),
            bytes: try row.requireBytes("wrapped"))
    }
}
