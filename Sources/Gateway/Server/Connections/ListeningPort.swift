import Synchronization

/// A port that becomes known once, or an error instead.
final class ListeningPort: Sendable {
    private struct State {
        var outcome: Result<Int, ServerError>?
        var waiting: [CheckedContinuation<Result<Int, ServerError>, Never>] = []
    }

    private let state = Mutex(State())

    /// The first outcome stands.
    func resolve(_ outcome: Result<Int, ServerError>) {
        let waiting = state.withLock { state in
            guard state.outcome == nil else { return [CheckedContinuation<Result<Int, ServerError>, Never>]() }
            state.outcome = outcome
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }

    func value() async throws(ServerError) -> Int {
        let outcome = await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.outcome == nil { state.waiting.append(continuation) }
                return state.outcome
            }
            if let known { continuation.resume(returning: known) }
        }
        return try outcome.get()
    }
}
