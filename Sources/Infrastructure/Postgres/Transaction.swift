/// An open transaction, valid within the closure that received it; afterwards its calls throw `.closed`.
package struct Transaction: Sendable {
    package let organization: OrganizationID?
    let session: TransactionSession

    /// One statement, one round trip.
    package func execute(
        _ statement: Statement, _ values: [PostgresValue] = []
    ) async throws(PostgresError) -> PostgresResult {
        let results = try await session.execute([Command(statement, values)])
        guard let result = results.first else {
            throw PostgresError(.protocolViolation, "a statement gave no result")
        }
        return result
    }

    /// Several statements in one round trip; the first that fails aborts the rest and is thrown.
    package func execute(
        _ commands: [(Statement, [PostgresValue])]
    ) async throws(PostgresError) -> [PostgresResult] {
        try await session.execute(commands.map { Command($0.0, $0.1) })
    }

    /// Statements whose answers nobody needs: they go in front of the next round trip, at the latest with COMMIT, in the
    /// order in which they came. What is wrong with one of them is thrown there.
    package func pipeline(
        _ commands: [(Statement, [PostgresValue])]
    ) async throws(PostgresError) {
        try await session.pipeline(commands.map { Command($0.0, $0.1) })
    }

    /// The transaction's last statements and its COMMIT, in one round trip; afterwards its calls throw `.closed`. When one
    /// fails, nothing is committed.
    package func commit(
        with commands: [(Statement, [PostgresValue])]
    ) async throws(PostgresError) -> [PostgresResult] {
        try await session.commit(with: commands.map { Command($0.0, $0.1) })
    }
}

package enum TransactionIsolation: Sendable {
    case readCommitted
    case repeatableRead
    case serializable
}
