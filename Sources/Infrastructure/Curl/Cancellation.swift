import Synchronization

/// Joins a cancellation that may come at any moment with a transfer that may not be there yet.
final class Cancellation: Sendable {
    private enum State {
        case waiting
        case armed(@Sendable () -> Void)
        case cancelled
    }

    private let state = Mutex(State.waiting)

    func arm(_ abort: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if case .cancelled = state { return true }
            state = .armed(abort)
            return false
        }
        if isLate { abort() }
    }

    func cancel() {
        let abort: (@Sendable () -> Void)? = state.withLock { state in
            defer { state = .cancelled }
            if case .armed(let abort) = state { return abort }
            return nil
        }
        abort?()
    }
}
