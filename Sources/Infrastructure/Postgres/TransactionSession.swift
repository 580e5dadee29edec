/// The course of one transaction on one connection. BEGIN and the tenant's setting travel with the first statement;
/// when there is none, there is no transaction at all.
actor TransactionSession {
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe Reactor.shared.asUnownedSerialExecutor() }

    private enum State {
        case notBegun
        case begun
        case ended
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
        case .ended: throw PostgresError(.closed, "the transaction has ended")
        case .begun: return try await loan.connection.run(commands)
        case .notBegun:
            state = .begun
            let results = try await loan.connection.run(opening + commands)
            return Array(results.dropFirst(opening.count))
        }
    }

    /// The last commands and COMMIT. After an error the transaction is still to be rolled back, by `end`.
    func commit(with commands: [Command]) async throws(PostgresError) -> [PostgresResult] {
        if case .ended = state { throw PostgresError(.closed, "the transaction has ended") }
        let before = state == .notBegun ? opening : []
        state = .ended
        let results = try await loan.connection.run(
            before + commands + [Command(.commit, prepared: false)], isCancellable: false)
        try Self.check(results.last)
        return Array(results.dropFirst(before.count).dropLast())
    }

    /// The server answers ROLLBACK, not an error, when a statement failed and nobody passed that on.
    private static func check(_ result: PostgresResult?) throws(PostgresError) {
        guard result?.commandTag == "COMMIT" else {
            throw PostgresError(.server(sqlState: "25P02"), "COMMIT of a failed transaction: it was rolled back")
        }
    }

    /// - Throws: when COMMIT did not commit. A ROLLBACK that fails is no error: the connection is then not used again,
    ///   and the server rolls back by itself.
    func end(commit: Bool) async throws(PostgresError) {
        let hasBegun = state == .begun
        state = .ended
        let connection = loan.connection
        guard commit else {
            if await connection.isInTransaction {
                _ = try? await connection.run([Command(.rollback, prepared: false)], isCancellable: false)
            }
            return
        }
        guard hasBegun else { return }
        try Self.check(try await connection.run([Command(.commit, prepared: false)], isCancellable: false).first)
    }
}
