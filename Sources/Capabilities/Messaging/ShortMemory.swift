import Synchronization

/// Keys that are remembered for a while, by this process alone.
final class ShortMemory<Key: Hashable & Sendable>: Sendable {
    private let limit: Int
    private let ends = Mutex<[Key: ContinuousClock.Instant]>([:])

    /// - Parameter limit: with that many keys, those whose time is over are forgotten before further ones are kept, and if that
    ///   does not do, all.
    init(limit: Int) {
        self.limit = limit
    }

    func holds(_ key: Key, at now: ContinuousClock.Instant) -> Bool {
        ends.withLock { ends in ends[key].map { now < $0 } ?? false }
    }

    func keep(_ keys: some Sequence<Key>, for duration: Duration, at now: ContinuousClock.Instant) {
        ends.withLock { ends in
            if ends.count >= limit { ends = ends.filter { now < $0.value } }
            if ends.count >= limit { ends = [:] }
            for key in keys { ends[key] = now + duration }
        }
    }
}
