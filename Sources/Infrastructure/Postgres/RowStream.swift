import Sockets
import Synchronization

/// The rows of one statement as they come, on a connection of their own. It goes back to its pool when the last row was
/// taken, when the stream is closed, and when nobody holds the stream any longer; the server is told to stop then.
package final class RowStream: Sendable {
    private let pool: ConnectionPool
    private let loan: ConnectionPool.Loan
    private let id: UInt64
    private struct State {
        var first: [PostgresResult]?
        var isOver = false
    }
    private let state: Mutex<State>

    /// - Parameter first: rows that have been taken already; `nil` where there were none.
    init(pool: ConnectionPool, loan: ConnectionPool.Loan, id: UInt64, first: [PostgresResult]?) {
        self.pool = pool
        self.loan = loan
        self.id = id
        state = Mutex(State(first: first, isOver: first == nil))
        if first == nil { giveBack {} }
    }

    deinit {
        if !state.withLock({ $0.isOver }) { giveBack {} }
    }

    /// The next rows, at least one, each a result of its own; `nil` after the last. One reader at a time. A reader whose task is
    /// cancelled gets no more, also where rows are waiting: one that is slower than the server would read all of them.
    package func next() async throws(PostgresError) -> [PostgresResult]? {
        let (first, isOver) = state.withLock { state in
            defer { state.first = nil }
            return (state.first, state.isOver)
        }
        if let first { return first }
        guard !isOver else { return nil }
        if Task.isCancelled {
            await close()
            throw PostgresError(.cancelled, "between two rows")
        }
        do throws(PostgresError) {
            if let rows = try await loan.connection.nextRows(id) { return rows }
        } catch {
            await close()
            throw error
        }
        await close()
        return nil
    }

    /// Stops the statement; the connection goes back when the server has. A `next` that waits throws `.cancelled`.
    package func cancel() {
        let wasOver = state.withLock { state in
            defer { state.isOver = true }
            return state.isOver
        }
        if !wasOver { giveBack {} }
    }

    private func close() async {
        let wasOver = state.withLock { state in
            defer { state.isOver = true }
            return state.isOver
        }
        guard !wasOver else { return }
        await withCheckedContinuation { continuation in giveBack { continuation.resume() } }
    }

    /// The most bytes of rows that have waited here at any time.
    package var mostBuffered: Int {
        get async { await loan.connection.mostRowBytes(id) }
    }

    private func giveBack(_ done: @escaping @Sendable () -> Void) {
        let (pool, loan, id) = (pool, loan, id)
        Reactor.shared.submit { Turn.assumed { pool.abandonRows(loan, id, done: done) } }
    }
}
