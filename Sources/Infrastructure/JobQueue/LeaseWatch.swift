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
        var whenEnded: (@Sendable () -> Void)?
    }

    let job: ClaimedJob
    private let state: Mutex<State>

    /// - Parameter validUntil: counted from before the claim was sent, so never later than the database's own time.
    init(_ job: ClaimedJob, validUntil: ContinuousClock.Instant) {
        self.job = job
        state = Mutex(State(validUntil: validUntil))
    }

    var validUntil: ContinuousClock.Instant { state.withLock { $0.validUntil } }

    /// Ends a lease that has run out. Answers until when it stands; nil where it has ended.
    func endIfOverdue() -> ContinuousClock.Instant? {
        guard ended == nil else {
            end(.lost)
            return nil
        }
        return validUntil
    }

    func extend(until instant: ContinuousClock.Instant) {
        state.withLock { $0.validUntil = max($0.validUntil, instant) }
    }

    func end(_ reason: End) {
        let action = state.withLock { state in
            state.end = state.end ?? reason
            return state.whenEnded.take()
        }
        action?()
    }

    /// Has `action` called once when the lease or the worker's patience has ended; at once when it has already.
    func whenEnded(_ action: @escaping @Sendable () -> Void) {
        let isPast = state.withLock { state in
            if state.end == nil { state.whenEnded = action }
            return state.end != nil
        }
        if isPast { action() }
    }

    /// Why the lease or the worker's patience has ended, or nil while neither has.
    var ended: End? {
        state.withLock { state in
            if state.end == nil, state.validUntil <= .now { state.end = .lost }
            return state.end
        }
    }
}
