import Synchronization

/// The leases that this process holds.
final class RunningJobs: Sendable {
    private struct State {
        var watches: [ClaimedJob: LeaseWatch] = [:]
        /// When it is looked again for leases that have run out.
        var nextLook: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let earlier = Bell()

    var all: [LeaseWatch] { state.withLock { Array($0.watches.values) } }

    func add(_ watch: LeaseWatch) {
        let isEarlier = state.withLock { state in
            state.watches[watch.job] = watch
            return state.nextLook.map { watch.validUntil < $0 } ?? false
        }
        if isEarlier { earlier.ring() }
    }

    func remove(_ watch: LeaseWatch) { state.withLock { $0.watches[watch.job] = nil } }

    /// Ends what runs under a lease that was not extended in time, until the task is cancelled. One task for all of them: a
    /// timer for each costs more than most jobs.
    /// - Parameter lease: what is claimed from now on is valid for so long, or a little less.
    func endOverdue(lease: Duration) async {
        while !Task.isCancelled {
            let now = ContinuousClock.now
            let latest = now + lease
            // Whatever comes from here on and is valid for less rings.
            let watches = state.withLock { state in
                state.nextLook = latest
                return Array(state.watches.values)
            }
            let next = watches.compactMap { $0.endIfOverdue() }.min() ?? latest
            state.withLock { $0.nextLook = next }
            await earlier.wait(atMost: now.duration(to: next))
        }
    }
}
