import Sockets

/// A unit of work on its way: its commands, and one Sync behind them.
@Turn final class Flight {
    typealias Completion = @Turn (Result<[PostgresResult], PostgresError>) -> Void

    enum CancelState {
        /// The server has not been asked to stop.
        case none
        /// It is to be asked when it comes to this unit.
        case wanted
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
    /// Who asked for a read in one implicit transaction: that can be sent behind another one, and once more.
    var errand: Errand?
    let pace: ReadPace?
    var steps: [PreparedStatements.Step] = []
    /// The step whose results come next.
    var position = 0
    var results: [PostgresResult] = []
    /// The first error; what follows it is aborted.
    var error: PostgresError?
    /// Whether the Sync was answered.
    var isDrained = false
    var cancel = CancelState.none
    /// Whether it was on the wire while the server was asked to stop the one before it, and may have been hit instead.
    var mayBeHit = false
    /// Whether it was under way when the pool looked, and when it looked once more.
    var wasSeen = false
    var isSlow = false

    init(
        id: UInt64, commands: [Command], rows: RowQueue? = nil, errand: Errand? = nil,
        complete: @escaping Completion
    ) {
        self.id = id
        self.commands = commands
        self.rows = rows
        self.errand = errand
        self.pace = errand?.pace
        self.complete = complete
    }

    /// Whether the step that comes next is the one whose rows come one by one.
    var isBeforeRows: Bool {
        guard rows != nil, position < steps.count else { return false }
        return steps[position] == .execute(command: commands.count - 1)
    }

    var wasCancelled: Bool { cancel != .none }

    /// Whether what has come can be the answer to this unit: of reads, which may share a connection, the first command opens
    /// a scope, and the server gives back its first value.
    var isAnswered: Bool {
        guard pace != nil, results.count == 1 else { return true }
        guard let values = commands[0].encoded, results[0].count == 1 else { return false }
        return unsafe results[0].withBytes(row: 0, column: 0) { unsafe values.startsWith($0) }
    }

    /// What the server said, in its language, was that it stopped.
    private var isStopped: Bool { error?.code == .timedOut || error?.sqlState == "57014" }

    /// Whether it shows how quick such reads are.
    var isTelling: Bool { !isSlow && error == nil && !wasCancelled }

    /// Whether nothing changes what the connection has prepared.
    var isPlain: Bool { steps.count == commands.count }

    /// Whether it was stopped in another one's place.
    var wasHit: Bool { mayBeHit && !wasCancelled && isStopped }

    /// As it was before it was sent.
    func reset() {
        steps = []
        position = 0
        results = []
        error = nil
        isDrained = false
        mayBeHit = false
        wasSeen = false
        isSlow = false
    }

    /// What to tell the caller, once the unit is drained.
    var outcome: Result<[PostgresResult], PostgresError> {
        guard let error else {
            guard results.count == commands.count else {
                return .failure(PostgresError(.protocolViolation, "\(results.count) of \(commands.count) results"))
            }
            return .success(results)
        }
        return .failure(
            wasCancelled && isStopped ? PostgresError(.cancelled, "stopped by the server on request") : error)
    }
}
