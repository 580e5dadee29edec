/// The bookkeeping of one pool, pure: events in, an `Action` out. `ConnectionPool` does what the actions say, and after
/// each event asks for `demand()` until there is none.
///
/// Most have a connection for themselves. Quick reads share some of them: of two on one connection the second waits at the
/// server while the first runs, so that the server goes from one to the next without a pause.
///
/// What must stay true: never more than `limit` connections, and no more than `readers` of them shared; waiters for the
/// same are served in the order they came, and no read comes before somebody who has waited for a connection of its own;
/// a connection is in one place (being opened, idle, leased); while anything is idle, only those wait who asked for a
/// fresh one, and reads while `readers` are shared.
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

    /// What somebody asks for.
    package enum Wish: Equatable {
        /// A connection for itself.
        case whole
        /// None that has been idle: those may have died together with the one that just did.
        case fresh
        /// A place on one, for a read that is known to be quick.
        case place
    }

    private struct Waiter {
        let id: WaiterID
        let deadline: Instant
        let wish: Wish
    }

    private struct Lease {
        let connection: ConnectionID
        /// How many have it at present.
        var users = 1
        var isShared = false
    }

    /// The most reads on one connection: one runs, one waits at the server.
    private static let places = 2

    private enum Phase {
        case running
        /// Connections cannot be made; the next attempt comes with `retry`.
        case backingOff
        case closing
    }

    package let limit: Int
    package let maxWaiters: Int
    /// The most connections that are shared, at least 1.
    package let readers: Int
    private var phase = Phase.running
    private var opening: Set<ConnectionID> = []
    /// The one used last is at the end and goes first: its caches are warm.
    private var idle: [ConnectionID] = []
    private var leased: [Lease] = []
    private var sharedCount = 0
    private var waiters: [Waiter] = []
    private var waitersForPlaces = 0
    private var lastID: ConnectionID = 0
    private var failures = 0

    package init(limit: Int, maxWaiters: Int, readers: Int = 1) {
        self.limit = limit
        self.maxWaiters = maxWaiters
        self.readers = max(1, min(readers, limit))
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
        lease(connection, shared: false)
        return connection
    }

    /// A place on a connection at once, if there is one: on an idle connection until `readers` are shared, then behind one
    /// read.
    package mutating func takePlace() -> ConnectionID? {
        guard phase != .closing else { return nil }
        if sharedCount < readers, let connection = idle.popLast() {
            lease(connection, shared: true)
            return connection
        }
        return waiters.isEmpty ? secondPlace { _ in true } : nil
    }

    private mutating func secondPlace(_ takesReads: (ConnectionID) -> Bool) -> ConnectionID? {
        // Better to wait for a connection that can still be opened.
        guard sharedCount >= readers || connectionCount >= limit || phase == .backingOff,
            let position = leased.firstIndex(where: {
                $0.isShared && $0.users < Self.places && takesReads($0.connection)
            })
        else { return nil }
        leased[position].users += 1
        return leased[position].connection
    }

    /// Who has the connection keeps it, and nobody comes to it.
    package mutating func stopSharing(_ connection: ConnectionID) {
        guard let position = leased.firstIndex(where: { $0.connection == connection && $0.isShared }) else { return }
        leased[position].isShared = false
        sharedCount -= 1
    }

    /// Someone needs a connection.
    package mutating func acquire(_ waiter: WaiterID, deadline: Instant, _ wish: Wish = .whole) -> Action {
        guard phase != .closing else { return .fail([waiter], .closed) }
        if let connection = wish == .place ? takePlace() : wish == .whole ? takeIdle() : nil {
            return .lease(connection, to: waiter)
        }
        guard waiters.count < maxWaiters else { return .fail([waiter], .tooManyWaiters) }
        waiters.append(Waiter(id: waiter, deadline: deadline, wish: wish))
        if wish == .place { waitersForPlaces += 1 }
        return .nothing
    }

    /// What else is to be done for those who wait: a place for a read, an idle connection for one, or another connection to
    /// open, when more wait for one than are being opened.
    /// - Parameter takesReads: whether another read may go to a connection that has one.
    package mutating func demand(takesReads: (ConnectionID) -> Bool = { _ in true }) -> Action {
        guard let first = waiters.first else { return .nothing }
        // Behind whoever waits for a whole connection, all have to wait.
        if first.wish == .place, let connection = secondPlace(takesReads) {
            return .lease(connection, to: removeWaiter(at: 0))
        }
        if waitersForPlaces > 0, sharedCount < readers, let position = waiters.firstIndex(where: { $0.wish == .place }),
            let connection = idle.popLast()
        {
            lease(connection, shared: true)
            return .lease(connection, to: removeWaiter(at: position))
        }
        let wanted = waiters.count - waitersForPlaces + min(waitersForPlaces, readers - sharedCount)
        guard phase == .running, opening.count < wanted else { return .nothing }
        if connectionCount < limit { return .open(newConnection()) }
        guard !idle.isEmpty else { return .nothing }
        return .replace(idle.removeFirst(), with: newConnection())
    }

    /// A waiter's task was cancelled.
    package mutating func forget(_ waiter: WaiterID) {
        if let position = waiters.firstIndex(where: { $0.id == waiter }) { _ = removeWaiter(at: position) }
    }

    package mutating func expire(at now: Instant) -> Action {
        let late = waiters.filter { $0.deadline <= now }.map(\.id)
        guard !late.isEmpty else { return .nothing }
        for waiter in late { forget(waiter) }
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

    /// Somebody has no more need of a leased connection.
    /// - Parameter isReusable: whether it can go to the next one, when nobody else has it.
    package mutating func release(_ connection: ConnectionID, isReusable: Bool) -> Action {
        guard let position = leased.firstIndex(where: { $0.connection == connection }) else { return .nothing }
        leased[position].users -= 1
        guard leased[position].users == 0 else { return .nothing }
        if leased.remove(at: position).isShared { sharedCount -= 1 }
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
        waitersForPlaces = 0
        idle = []
        return (
            refused.isEmpty ? .nothing : .fail(refused, .closed), closed.isEmpty ? .nothing : .close(closed)
        )
    }

    package var isDrained: Bool { phase == .closing && connectionCount == 0 }

    /// Gives a connection that nobody has to the first who can use it.
    private mutating func hand(_ connection: ConnectionID) -> Action {
        guard let position = waiters.firstIndex(where: { $0.wish != .place || sharedCount < readers }) else {
            idle.append(connection)
            return .nothing
        }
        lease(connection, shared: waiters[position].wish == .place)
        return .lease(connection, to: removeWaiter(at: position))
    }

    private mutating func lease(_ connection: ConnectionID, shared isShared: Bool) {
        leased.append(Lease(connection: connection, isShared: isShared))
        if isShared { sharedCount += 1 }
    }

    private mutating func removeWaiter(at position: Int) -> WaiterID {
        let waiter = waiters.remove(at: position)
        if waiter.wish == .place { waitersForPlaces -= 1 }
        return waiter.id
    }

    private mutating func newConnection() -> ConnectionID {
        lastID += 1
        opening.insert(lastID)
        return lastID
    }
}
