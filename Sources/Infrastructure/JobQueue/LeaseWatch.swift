import Synchronization

/// Whether one running job's lease still stands, as far as this process can know: the database may have said
/// otherwise, or not have been reached in time.
final class LeaseWatch: Sendable {
    enum End: Sendable, Equatable {
        /// Another worker may hold the job now.
        case lost
        /// The worker stops, and the job has had its time.
        case stopped
    }

    private struct State {
        var validUntil: ContinuousClock.Instant
        var end: End?
    }

    let job: ClaimedJob
    private let state: Mutex<State>
    private let bell = Bell()

    /// - Parameter validUntil: counted from before the claim was sent, so never later than the database's own time.
    init(_ job: ClaimedJob, validUntil: ContinuousClock.Instant) {
        self.job = job
        state = Mutex(State(validUntil: validUntil))
    }

    func extend(until instant: ContinuousClock.Instant) {
        state.withLock { $0.validUntil = max($0.validUntil, instant) }
    }

    func end(_ reason: End) {
        state.withLock { $0.end = $0.end ?? reason }
        bell.ring()
    }

    /// Why the lease or the worker's patience has ended, or nil while neither has.
    var ended: End? {
        state.withLock { state in
            if state.end == nil, state.validUntil <= .now { state.end = .lost }
            return state.end
        }
    }

    /// Returns when the lease has ended, or nil when the task is cancelled. One task waits at a time.
    func wait() async -> End? {
        while !Task.isCancelled {
            if let ended { return ended }
            await bell.wait(atMost: ContinuousClock.now.duration(to: state.withLock { $0.validUntil }))
        }
        return nil
    }
}
