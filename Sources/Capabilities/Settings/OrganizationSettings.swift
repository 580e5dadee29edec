package import Postgres

/// What an organization has chosen, with the defaults where it chose nothing.
package struct OrganizationSettings: Sendable {
    /// ISO 3166-1 alpha-2.
    package let defaultCountry: String?

    package static func read(in transaction: Transaction) async throws(PostgresError) -> OrganizationSettings {
        let found = try await transaction.execute(
            SettingsQueries.read, [PostgresValue(transaction.organization)])
        guard let row = found.rows.first else {
            throw PostgresError(.protocolViolation, "an organization without its settings")
        }
        return OrganizationSettings(defaultCountry: row.string("default_country"))
    }
}
