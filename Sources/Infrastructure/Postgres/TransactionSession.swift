/// The course of one transaction on one connection. BEGIN and the tenant's setting travel with the first statement;
/// when there is none, there is no transaction at all.
actor TransactionSession {
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe Reactor.shared.asUnownedSerialExecutor() }

    private enum State {
        case notBegun
        case begun
        case ended
        /// `commit(with:)` did not commit.
        case failed
    }

    nonisolated let loan: ConnectionPool.Loan
    private let opening: [Command]
    private var state = State.notBegun

    init(_ loan: ConnectionPool.Loan, scope: Scope, isolation: TransactionIsolation) {
        self.loan = loan
        self.opening = [Command(.begin(isolation), prepared: false)] + scope.opening
    }

    func execute(_ commands: [Command]) async throws(PostgresError) -> [PostgresResult] {
        switch state {
        case .ended, .failed: throw PostgresError(.closed, "the transaction has ended")
        case .begun: return try await loan.connection.run(commands)
        case .notBegun:
            state = .begun
            let results = try await loan.connection.run(opening + commands)
            return Array(results.dropFirst(opening.count))
        }
    }

    /// The last commands and COMMIT. After an error the transaction is still to be rolled back, by `end`.
    func commit(with commands: [Command]) async throws(PostgresError) -> [PostgresResult] {
        guard state == .notBegun || state == .begun else {
            throw PostgresError(.closed, "the transaction has ended")
        }
        let before = state == .notBegun ? opening : []
        // Nobody else may add to it while it is on its way.
        state = .failed
        let results = try await loan.connection.run(
            before + commands + [Command(.commit, prepared: false)], isCancellable: false)
        try Self.check(results.last)
        state = .ended
        return Array(results.dropFirst(before.count).dropLast())
    }

    /// The server answers ROLLBACK, not an error, when a statement failed and nobody passed that on.
    private static func check(_ result: PostgresResult?) throws(PostgresError) {
        guard result?.commandTag == "COMMIT" else {
            throw notCommitted
        }
    }

    private static var notCommitted: PostgresError {
        PostgresError(.server(sqlState: "25P02"), "COMMIT of a failed transaction: it was rolled back")
    }

    /// - Throws: when COMMIT did not commit. A ROLLBACK that fails is no error: the connection is then not used again,
    ///   and the server rolls back by itself.
    func end(commit: Bool) async throws(PostgresError) {
        let before = state
        state = .ended
        let connection = loan.connection
        guard commit, before != .failed else {
            if await connection.isInTransaction {
                _ = try? await connection.run([Command(.rollback, prepared: false)], isCancellable: false)
            }
            // A body that swallowed why `commit(with:)` failed is not to believe that it committed.
            if commit { throw Self.notCommitted }
            return
        }
        guard before == .begun else { return }
        try Self.check(try await connection.run([Command(.commit, prepared: false)], isCancellable: false).first)
    }
}
