/// One unit of work on its way through a pool, from its caller to a connection and back.
///
/// `@unchecked Sendable`: its maker sets `onEnd` and hands it over; from then on it is touched in the reactor's turn alone.
final class Errand: @unchecked Sendable {
    typealias Outcome = Result<[PostgresResult], PostgresError>

    enum Stage {
        case new
        case waiting(PoolStateMachine.WaiterID)
        case sent(PostgresConnection, UInt64)
        case over
    }

    let commands: [Command]
    /// Of what only reads, and may share a connection.
    let pace: ReadPace?
    /// Not on a connection that has been idle.
    let isFresh: Bool
    /// Whether the connection's socket is looked at first.
    let isLookedAt: Bool
    /// How long it waits for a connection.
    let timeout: Duration
    var stage = Stage.new
    var isCancelled = false
    /// How often it was begun on a connection, or taken back from one: only the last one's answer counts.
    var attempts = 0
    var onEnd: (Outcome) -> Void = { _ in }

    init(
        _ commands: [Command], pace: ReadPace? = nil, isFresh: Bool = false, isLookedAt: Bool = true, timeout: Duration
    ) {
        self.commands = commands
        self.pace = pace
        self.isFresh = isFresh
        self.isLookedAt = isLookedAt
        self.timeout = timeout
    }

    var isOver: Bool {
        if case .over = stage { true } else { false }
    }

    static var cancelled: Outcome { .failure(PostgresError(.cancelled, "before it had a connection")) }

    func end(_ outcome: Outcome) {
        stage = .over
        onEnd(outcome)
    }
}
