/// A watched socket. The id is never used again, so an event that was already on its way to a closed socket finds
/// nobody, even when the descriptor's number is in use again.
struct SocketToken: Sendable {
    let id: UInt64
    let socket: Int32
}

struct SocketRegistry {
    private var handlers: [UInt64: (Bool) -> Void] = [:]
    /// 0 is the reactor's own wake-up.
    private var lastID: UInt64 = 0

    mutating func add(_ socket: Int32, _ handler: @escaping (Bool) -> Void) -> SocketToken {
        lastID += 1
        handlers[lastID] = handler
        return SocketToken(id: lastID, socket: socket)
    }

    mutating func remove(_ token: SocketToken) {
        handlers[token.id] = nil
    }

    func handler(_ id: UInt64) -> ((Bool) -> Void)? {
        handlers[id]
    }
}
