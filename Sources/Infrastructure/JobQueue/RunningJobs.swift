import Synchronization

/// The leases that this process holds.
final class RunningJobs: Sendable {
    private let watches = Mutex<[ClaimedJob: LeaseWatch]>([:])

    var all: [LeaseWatch] { watches.withLock { Array($0.values) } }

    func add(_ watch: LeaseWatch) { watches.withLock { $0[watch.job] = watch } }

    func remove(_ watch: LeaseWatch) { watches.withLock { $0[watch.job] = nil } }
}
