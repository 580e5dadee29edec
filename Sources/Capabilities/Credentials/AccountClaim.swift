import Postgres
import Twilio

/// Which organization a Twilio account belongs to.
enum AccountClaim {
    /// Claims the account, and answers whether it is the organization's. The row's lock makes two that claim at once
    /// wait for each other.
    static func hold(
        _ account: AccountSid, for organization: OrganizationID, in transaction: Transaction
    ) async throws(PostgresError) -> Bool {
        let results = try await transaction.execute([
            (CredentialQueries.claimAccount, [.text(account.description), .organization(organization)]),
            (CredentialQueries.claimant, [.text(account.description)]),
        ])
        return results.last?.rows.first?.uuid("org_id") == organization.uuid
    }
}
