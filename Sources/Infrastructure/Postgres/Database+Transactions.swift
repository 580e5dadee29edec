extension Database {
    /// A transaction under a tenant. It commits when `body` returns, and rolls back when it throws. BEGIN and the
    /// tenant's setting travel with the first statement; a body that executes none costs the server nothing.
    /// - Parameter timeout: the server's limit for each statement of it.
    /// - Throws: what `body` throws; `PostgresError` when the COMMIT fails, also when `body` went on after a failed
    ///   statement. After `.connectionLost` from the COMMIT itself, nobody knows whether it took effect.
    nonisolated(nonsending) package func withTenant<R: Sendable>(
        _ organization: OrganizationID, as role: DatabaseRole = .tenant,
        isolation: TransactionIsolation = .readCommitted, timeout: Duration? = nil, planning: Planning = .byValues,
        _ body: (Transaction) async throws -> R
    ) async throws -> R {
        let scope = Scope(organization: organization, timeout: timeout, planning: planning)
        return try await transaction(role, scope, isolation, body)
    }

    /// A transaction without a tenant, for the roles that work across or before tenants.
    nonisolated(nonsending) package func withoutTenant<R: Sendable>(
        as role: DatabaseRole, isolation: TransactionIsolation = .readCommitted, timeout: Duration? = nil,
        _ body: (Transaction) async throws -> R
    ) async throws -> R {
        try await transaction(role, Scope(organization: nil, timeout: timeout), isolation, body)
    }

    nonisolated(nonsending) private func transaction<R: Sendable>(
        _ role: DatabaseRole, _ scope: Scope, _ isolation: TransactionIsolation,
        _ body: (Transaction) async throws -> R
    ) async throws -> R {
        let pool = try pool(role)
        let session = try await pool.begin(scope, isolation: isolation)
        let value: R
        do {
            value = try await body(Transaction(organization: scope.organization, session: session))
        } catch {
            // The body's error is the one that matters; rolling back never throws.
            try? await pool.end(session, commit: false)
            throw error
        }
        try await pool.end(session, commit: true)
        return value
    }
}
