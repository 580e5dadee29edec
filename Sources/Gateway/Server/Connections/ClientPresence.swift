import Synchronization

/// Whether the client of one connection is still there, and what to do when it goes. The connection's handler tells it;
/// the request under way listens. Requests of a connection are answered one after the other, so one listens at a time.
final class ClientPresence: Sendable {
    private struct State {
        var isGone = false
        var onLeave: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    /// The other end of the socket, without its port.
    let address: String
    let executor: EventLoopExecutor

    init(address: String, executor: EventLoopExecutor) {
        self.address = address
        self.executor = executor
    }

    /// The client has closed the connection, or its half of it.
    var isGone: Bool { state.withLock { $0.isGone } }

    func leave() {
        let onLeave = state.withLock { state in
            state.isGone = true
            defer { state.onLeave = nil }
            return state.onLeave
        }
        onLeave?()
    }

    /// Carries something out, which is cancelled as soon as the client goes.
    func whileHere<Value: Sendable>(_ operation: @escaping @Sendable () async -> Value) async -> Value {
        // A task of its own, since nobody but its maker can cancel one; it has ended when this returns.
        let task = Task(executorPreference: executor, operation: operation)
        let isGone = state.withLock { state in
            state.onLeave = { task.cancel() }
            return state.isGone
        }
        if isGone { task.cancel() }
        let value = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        state.withLock { $0.onLeave = nil }
        return value
    }
}
