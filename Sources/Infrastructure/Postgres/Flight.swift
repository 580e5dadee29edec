/// A unit of work on its way: its commands, and one Sync behind them. Lives on the reactor's thread.
final class Flight {
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
    let continuation: CheckedContinuation<Result<[PostgresResult], PostgresError>, Never>
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
        id: UInt64, commands: [Command],
        continuation: CheckedContinuation<Result<[PostgresResult], PostgresError>, Never>
    ) {
        self.id = id
        self.commands = commands
        self.continuation = continuation
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
