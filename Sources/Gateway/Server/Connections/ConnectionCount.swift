import Synchronization

/// How many connections are open, and how many may be.
final class ConnectionCount: Sendable {
    let limit: Int
    private let open = Atomic(0)
    private let turnedAway = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Open connections, those included that are being turned away.
    var current: Int { open.load(ordering: .relaxed) }

    /// Connections that were answered 503 since the start.
    var refused: Int { turnedAway.load(ordering: .relaxed) }

    /// Counts a connection in.
    /// - Returns: whether it is within the limit. It must be counted out in either case.
    func enter() -> Bool {
        let count = open.add(1, ordering: .relaxed).newValue
        if count <= limit { return true }
        turnedAway.add(1, ordering: .relaxed)
        return false
    }

    func leave() {
        open.subtract(1, ordering: .relaxed)
    }
}
