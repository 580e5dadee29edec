import Synchronization

/// A bounded cache with the memory of two generations: what was used since the last change of generations stays, the rest
/// is forgotten at the next. Reading and writing are constant time.
final class GenerationalCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var young: [Key: Value] = [:]
        var old: [Key: Value] = [:]
        var youngWeight = 0
    }

    private let state = Mutex(State())
    private let count: Int
    private let weight: Int

    /// - Parameters:
    ///   - count: entries, at least 2.
    ///   - weight: the sum of the entries' weights.
    init(count: Int, weight: Int = .max) {
        self.count = max(1, count / 2)
        self.weight = max(1, weight / 2)
    }

    func value(for key: Key, weight: Int = 0) -> Value? {
        state.withLock { state in
            if let value = state.young[key] { return value }
            guard let value = state.old[key] else { return nil }
            insert(value, key, weight, &state)
            return value
        }
    }

    func insert(_ value: Value, for key: Key, weight: Int = 0) {
        guard weight <= self.weight else { return }
        state.withLock { insert(value, key, weight, &$0) }
    }

    private func insert(_ value: Value, _ key: Key, _ weight: Int, _ state: inout State) {
        if state.young.count >= count || state.youngWeight > self.weight - weight {
            state.old = state.young
            state.young = [:]
            state.youngWeight = 0
        }
        if state.young.updateValue(value, forKey: key) == nil { state.youngWeight += weight }
    }

    /// Entries that are remembered at present, for metrics; one of both generations counts twice.
    var entries: Int { state.withLock { $0.young.count + $0.old.count } }
}
