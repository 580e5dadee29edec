import Sockets

/// A unit of work on its way: its commands, and one Sync behind them.
@Turn final class Flight {
    typealias Completion = @Turn (Result<[PostgresResult], PostgresError>) -> Void

    enum CancelState {
        /// The server has not been asked to stop.
        case none
        /// A request is on its way on a thread of its own.
        case asking
        /// It was asked, and may have been between two statements just then.
        case asked
    }

    let id: UInt64
    let commands: [Command]
    /// Where the rows of the last command go, one by one; `nil` where they come as one result.
    let rows: RowQueue?
    /// Called once, when the unit is drained or its connection dead.
    let complete: Completion
    var steps: [PreparedStatements.Step] = []
    /// The step whose results come next.
    var position = 0
    var results: [PostgresResult] = []
    /// The first error; what follows it is aborted.
    var error: PostgresError?
    /// Whether the Sync was answered.
    var isDrained = false
    var cancel = CancelState.none

    init(
        id: UInt64, commands: [Command], rows: RowQueue? = nil,
        complete: @escaping Completion
    ) {
        self.id = id
        self.commands = commands
        self.rows = rows
        self.complete = complete
    }

    /// Whether the step that comes next is the one whose rows come one by one.
    var isBeforeRows: Bool {
        guard rows != nil, position < steps.count else { return false }
        return steps[position] == .execute(command: commands.count - 1)
    }

    var wasCancelled: Bool { cancel != .none }

    /// What to tell the caller, once the unit is drained.
    var outcome: Result<[PostgresResult], PostgresError> {
        guard let error else {
            guard results.count == commands.count else {
                return .failure(PostgresError(.protocolViolation, "\(results.count) of \(commands.count) results"))
            }
            return .success(results)
        }
        let isStop = error.code == .timedOut || error.sqlState == "57014"
        return .failure(wasCancelled && isStop ? PostgresError(.cancelled, "stopped by the server on request") : error)
    }
}
