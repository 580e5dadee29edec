import CSockets
import Glibc

/// A watched socket. The id is never used again, so an event that was already on its way to a closed socket finds
/// nobody, even when the descriptor's number is in use again.
package struct SocketToken: Sendable {
    let id: UInt64
    let socket: Int32
}

/// What a socket is ready for.
package struct SocketEvents {
    let bits: UInt32

    /// Errors and hang-ups show when the socket is read.
    package var isReadable: Bool { bits & ~EPOLLOUT.rawValue != 0 }
    package var isWritable: Bool { bits & EPOLLOUT.rawValue != 0 }
    /// The other side sends no more: what has come is all that there will be.
    package var hasEnded: Bool { bits & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 }
    /// Nothing goes in either direction.
    package var isBroken: Bool { bits & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 }
}

struct SocketRegistry {
    /// By descriptor: they are small numbers, and used again.
    private var watched: [(id: UInt64, handler: (SocketEvents) -> Void)?] = []
    /// 0 is the reactor's own wake-up.
    private var lastNumber: UInt64 = 0

    mutating func add(_ socket: Int32, _ handler: @escaping (SocketEvents) -> Void) -> SocketToken {
        lastNumber += 1
        let id = lastNumber << 32 | UInt64(socket)
        while watched.count <= Int(socket) { watched.append(nil) }
        watched[Int(socket)] = (id, handler)
        return SocketToken(id: id, socket: socket)
    }

    mutating func remove(_ token: SocketToken) {
        if watched[Int(token.socket)]?.id == token.id { watched[Int(token.socket)] = nil }
    }

    func handler(_ id: UInt64) -> ((SocketEvents) -> Void)? {
        let place = Int(id & 0xFFFF_FFFF)
        guard place < watched.count, let entry = watched[place], entry.id == id else { return nil }
        return entry.handler
    }
}
