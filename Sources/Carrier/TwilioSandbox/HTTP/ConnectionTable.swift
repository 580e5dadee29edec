import NIOCore
import Synchronization

/// Which connections have carried a request before.
final class ConnectionTable: Sendable {
    private let seen = Mutex<Set<ObjectIdentifier>>([])

    /// - Returns: whether this is not the connection's first request.
    func noteRequest(on channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isFirst = seen.withLock { $0.insert(id).inserted }
        if isFirst {
            channel.closeFuture.whenComplete { [self] _ in _ = seen.withLock { $0.remove(id) } }
        }
        return !isFirst
    }
}
