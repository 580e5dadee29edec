/// The bookkeeping of one pool, pure: events in, an `Action` out. `ConnectionPool` does what the actions say, and after
/// each event asks for `demand()` until there is none.
///
/// What must stay true: never more than `limit` connections; waiters are served in the order they came; a connection
/// is in one place (being opened, idle, leased); while anything is idle, only those wait who asked for a fresh one.
package struct PoolStateMachine {
    package typealias ConnectionID = UInt64
    package typealias WaiterID = UInt64
    package typealias Instant = ContinuousClock.Instant

    package enum Action: Equatable {
        case nothing
        case lease(ConnectionID, to: WaiterID)
        case open(ConnectionID)
        case close([ConnectionID])
        /// Close the first, open the second in its place.
        case replace(ConnectionID, with: ConnectionID)
        case fail([WaiterID], Refusal)
        /// Call `retry` after this long.
        case retry(after: Duration)
    }

    package enum Refusal: Equatable {
        case tooManyWaiters
        case timedOut
        case closed
    }

    private struct Waiter {
        let id: WaiterID
        let deadline: Instant
    }

    private enum Phase {
        case running
        /// Connections cannot be made; the next attempt comes with `retry`.
        case backingOff
        case closing
    }

    package let limit: Int
    package let maxWaiters: Int
    private var phase = Phase.running
    private var opening: Set<ConnectionID> = []
    /// The one used last is at the end and goes first: its caches are warm.
    private var idle: [ConnectionID] = []
    private var leased: Set<ConnectionID> = []
    private var waiters: [Waiter] = []
    private var lastID: ConnectionID = 0
    private var failures = 0

    package init(limit: Int, maxWaiters: Int) {
        self.limit = limit
        self.maxWaiters = maxWaiters
    }

    package var connectionCount: Int { opening.count + idle.count + leased.count }
    package var waiterCount: Int { waiters.count }
    package var idleCount: Int { idle.count }
    /// When `expire` must be called next.
    package var nextDeadline: Instant? { waiters.lazy.map(\.deadline).min() }
    /// Whether the last attempt to connect failed.
    package var isBackingOff: Bool { phase == .backingOff }

    /// An idle connection at once, if there is one.
    package mutating func takeIdle() -> ConnectionID? {
        guard phase != .closing, let connection = idle.popLast() else { return nil }
        leased.insert(connection)
        return connection
    }

    /// Someone needs a connection.
    /// - Parameter isFresh: none that has been idle: those may have died together with the one that just did.
    package mutating func acquire(_ waiter: WaiterID, deadline: Instant, isFresh: Bool = false) -> Action {
        guard phase != .closing else { return .fail([waiter], .closed) }
        if !isFresh, let connection = takeIdle() { return .lease(connection, to: waiter) }
        guard waiters.count < maxWaiters else { return .fail([waiter], .tooManyWaiters) }
        waiters.append(Waiter(id: waiter, deadline: deadline))
        return .nothing
    }

    /// Another connection to open, when more wait than are being opened.
    package mutating func demand() -> Action {
        guard phase == .running, opening.count < waiters.count else { return .nothing }
        if connectionCount < limit { return .open(newConnection()) }
        guard !idle.isEmpty else { return .nothing }
        return .replace(idle.removeFirst(), with: newConnection())
    }

    /// A waiter's task was cancelled.
    package mutating func forget(_ waiter: WaiterID) {
        waiters.removeAll { $0.id == waiter }
    }

    package mutating func expire(at now: Instant) -> Action {
        let late = waiters.filter { $0.deadline <= now }.map(\.id)
        guard !late.isEmpty else { return .nothing }
        waiters.removeAll { $0.deadline <= now }
        return .fail(late, .timedOut)
    }

    package mutating func opened(_ connection: ConnectionID) -> Action {
        opening.remove(connection)
        failures = 0
        guard phase != .closing else { return .close([connection]) }
        phase = .running
        return hand(connection)
    }

    package mutating func openingFailed(_ connection: ConnectionID) -> Action {
        opening.remove(connection)
        guard phase == .running else { return .nothing }
        phase = .backingOff
        failures += 1
        // 50 ms, 100 ms … 1.6 s.
        return .retry(after: .milliseconds(25 << min(failures, 6)))
    }

    /// The time to back off is over.
    package mutating func retry() {
        if phase == .backingOff { phase = .running }
    }

    /// A leased connection comes back.
    package mutating func release(_ connection: ConnectionID, isReusable: Bool) -> Action {
        guard leased.remove(connection) != nil else { return .nothing }
        return phase != .closing && isReusable ? hand(connection) : .close([connection])
    }

    /// A connection died by itself. A leased one is dropped when it comes back.
    package mutating func lost(_ connection: ConnectionID) -> Action {
        guard let position = idle.firstIndex(of: connection) else { return .nothing }
        idle.remove(at: position)
        return .close([connection])
    }

    /// No more leases. The leased ones are closed as they come back.
    package mutating func close() -> (refused: Action, closed: Action) {
        guard phase != .closing else { return (.nothing, .nothing) }
        phase = .closing
        let refused = waiters.map(\.id)
        let closed = idle
        waiters = []
        idle = []
        return (
            refused.isEmpty ? .nothing : .fail(refused, .closed), closed.isEmpty ? .nothing : .close(closed)
        )
    }

    package var isDrained: Bool { phase == .closing && connectionCount == 0 }

    private mutating func hand(_ connection: ConnectionID) -> Action {
        guard !waiters.isEmpty else {
            idle.append(connection)
            return .nothing
        }
        leased.insert(connection)
        return .lease(connection, to: waiters.removeFirst().id)
    }

    private mutating func newConnection() -> ConnectionID {
        lastID += 1
        opening.insert(lastID)
        return lastID
    }
}
