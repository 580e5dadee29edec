import Synchronization

/// Whether the client of one connection is still there, and what to do when it goes. The connection tells it; the request
/// under way listens. Requests of a connection are answered one after the other, so one listens at a time.
final class ClientPresence: Sendable {
    private struct State {
        var isGone = false
        /// Cancels the request under way, once it has waited for anything.
        var cancel: (@Sendable () -> Void)?
        /// The request is in a part of its work that nobody needs without a client.
        var isForClientAlone = false
        var onLeave: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    /// The other end of the socket, without its port.
    let address: String

    init(address: String) {
        self.address = address
    }

    /// The client has closed the connection, or its half of it.
    var isGone: Bool { state.withLock { $0.isGone } }

    func leave() {
        let (cancel, onLeave) = state.withLock { state in
            state.isGone = true
            defer { state.onLeave = nil }
            return (state.isForClientAlone ? state.cancel : nil, state.onLeave)
        }
        cancel?()
        onLeave?()
    }

    /// From now on there is a request under way that `cancel` cancels; none, if that is `nil`.
    /// - Parameter isForClientAlone: whether nobody needs any of its work without a client; `whileHere` says it of a part.
    func follow(_ cancel: (@Sendable () -> Void)?, isForClientAlone: Bool = false) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            if isForClientAlone || cancel == nil { state.isForClientAlone = isForClientAlone }
            return state.isGone && state.isForClientAlone
        }
        if isLate { cancel?() }
    }

    /// Carries something out in the request's own task, which is cancelled as soon as the client goes.
    nonisolated(nonsending) func whileHere<Value: Sendable>(_ operation: nonisolated(nonsending) () async -> Value)
        async -> Value
    {
        let isGone = state.withLock { state in
            state.isForClientAlone = true
            return state.isGone
        }
        if isGone { withUnsafeCurrentTask { $0?.cancel() } }
        let value = await operation()
        state.withLock { $0.isForClientAlone = false }
        return value
    }

    /// Carries something out, and calls `onLeave` once as soon as the client goes.
    nonisolated(nonsending) func whileHere<Value>(
        _ operation: nonisolated(nonsending) () async throws -> Value, onLeave: @escaping @Sendable () -> Void
    ) async throws -> Value {
        let isGone = state.withLock { state in
            if !state.isGone { state.onLeave = onLeave }
            return state.isGone
        }
        if isGone { onLeave() }
        defer { state.withLock { $0.onLeave = nil } }
        return try await operation()
    }
}
