import Sockets

/// The course of one transaction on one connection. BEGIN and the tenant's setting travel with the first statement;
/// when there is none, there is no transaction at all.
@Turn final class TransactionSession {
    private enum State {
        case notBegun
        case begun
        case ended
        /// `commit(with:)` did not commit.
        case failed
    }

    let loan: ConnectionPool.Loan
    private let opening: [Command]
    private var state = State.notBegun
    /// What goes in front of the next round trip.
    private var waiting: [Command] = []

    init(_ loan: ConnectionPool.Loan, scope: Scope, isolation: TransactionIsolation) {
        self.loan = loan
        self.opening = [Command(.begin(isolation), prepared: false)] + scope.opening
    }

    /// Has commands go in front of the next round trip, at the latest with COMMIT.
    func pipeline(_ commands: [Command]) throws(PostgresError) {
        try checkOpen()
        waiting += commands
    }

    func execute(_ commands: [Command]) async throws(PostgresError) -> [PostgresResult] {
        try checkOpen()
        let before = takeBefore()
        state = .begun
        let results = try await loan.connection.run(before + commands)
        return Array(results.dropFirst(before.count))
    }

    private func checkOpen() throws(PostgresError) {
        guard state == .notBegun || state == .begun else {
            throw PostgresError(.closed, "the transaction has ended")
        }
    }

    /// BEGIN, where it has not been said, and what waits.
    private func takeBefore() -> [Command] {
        defer { waiting = [] }
        return (state == .notBegun ? opening : []) + waiting
    }

    /// The last commands and COMMIT. After an error the transaction is still to be rolled back, by `end`.
    func commit(with commands: [Command]) async throws(PostgresError) -> [PostgresResult] {
        try checkOpen()
        let before = takeBefore()
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
            if connection.isInTransaction {
                _ = try? await connection.run([Command(.rollback, prepared: false)], isCancellable: false)
            }
            // A body that swallowed why `commit(with:)` failed is not to believe that it committed.
            if commit { throw Self.notCommitted }
            return
        }
        guard before == .begun || !waiting.isEmpty else { return }
        let last = (before == .notBegun ? opening : []) + waiting + [Command(.commit, prepared: false)]
        try Self.check(try await connection.run(last, isCancellable: false).last)
    }
}
