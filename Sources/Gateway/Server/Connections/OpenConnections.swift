import Sockets
import Synchronization

/// The connections that are open: how many there are and may be, and how to end all of them.
final class OpenConnections: Sendable {
    /// What all connections are told.
    enum Signal: Sendable {
        /// Answer what is under way, begin nothing more, and close.
        case drain
        /// Close now.
        case cut
    }

    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var open = 0
        var isDraining = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let limit: Int
    private let state = Mutex(State())
    private let turnedAway = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Open connections, those included that are being turned away.
    var current: Int { state.withLock { $0.open } }

    /// Nobody is connected, and no request under way.
    var isNone: Bool { state.withLock { $0.connections.isEmpty } }

    /// Connections that were answered 503 since the start.
    var refused: Int { turnedAway.load(ordering: .relaxed) }

    /// Counts a connection in; it must be counted out by `close` and, when its last request is over, by `end`.
    /// - Returns: whether it is within the limit, and whether it came too late to be served.
    func enter(_ connection: Connection) -> (isWithinLimit: Bool, isDraining: Bool) {
        let (open, isDraining) = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = connection
            state.open += 1
            return (state.open, state.isDraining)
        }
        if open > limit { turnedAway.add(1, ordering: .relaxed) }
        return (open <= limit, isDraining)
    }

    func close() {
        state.withLock { $0.open -= 1 }
    }

    func end(_ connection: Connection) {
        let waiting = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = nil
            guard state.connections.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func tell(_ signal: Signal) {
        let connections = state.withLock { state in
            state.isDraining = true
            return Array(state.connections.values)
        }
        Reactor.shared.submit {
            for connection in connections { connection.hear(signal) }
        }
    }

    /// Waits until all connections are closed, and their requests over.
    func waitUntilNone() async {
        await withCheckedContinuation { continuation in
            let isNone = state.withLock { state in
                if state.connections.isEmpty { return true }
                state.waiting.append(continuation)
                return false
            }
            if isNone { continuation.resume() }
        }
    }
}
