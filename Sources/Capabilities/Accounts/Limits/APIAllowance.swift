import Postgres
import Synchronization

/// The limit of requests to the API. A node takes a twentieth of a bucket at a time and spends it by itself, so that a
/// request does not wait for the database to be counted, and nodes still share one view.
final class APIAllowance: Sendable {
    private let limiter: RateLimiter
    private let limit: RateLimit
    private let chunk: Int
    private let state = Mutex(State())

    private struct State {
        var balances: [String: Balance] = [:]
        /// Buckets that somebody is taking from, and who waits for that: if everybody took, a bucket would be empty after
        /// twenty requests that come at once.
        var waiting: [String: [CheckedContinuation<Taken, Never>]] = [:]

        mutating func pay(_ name: String, at now: ContinuousClock.Instant) -> Bool {
            guard let balance = balances[name], balance.left > 0, balance.until > now else { return false }
            balances[name]?.left -= 1
            return true
        }
    }

    private struct Balance {
        var left: Int
        var until: ContinuousClock.Instant
    }

    private enum Taken {
        case some
        case none(Duration)
        /// The database did not answer.
        case unknown
    }

    private enum Turn {
        case isPaid
        case take
        case wait
    }

    private static let capacity = 20_000

    init(limiter: RateLimiter, limit: RateLimit) {
        self.limiter = limiter
        self.limit = limit
        chunk = max(1, limit.burst / 20)
    }

    /// Takes one of each, where all of them are known to have one left; otherwise none of any.
    func takeKnown(_ names: [String]) -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            let isKnown = names.allSatisfy { name in
                state.balances[name].map { $0.left > 0 && $0.until > now } ?? false
            }
            return isKnown && names.allSatisfy { state.pay($0, at: now) }
        }
    }

    /// How long to wait; `nil` when the request may go on. When the database does not answer, what it is needed for will
    /// say so.
    func take(_ name: String) async -> Duration? {
        while true {
            let turn = state.withLock { state in
                if state.pay(name, at: .now) { return Turn.isPaid }
                guard state.waiting[name] == nil else { return .wait }
                state.waiting[name] = []
                return .take
            }
            let taken: Taken
            switch turn {
            case .isPaid: return nil
            case .take: taken = await takeSome(name)
            case .wait:
                taken = await withCheckedContinuation { continuation in
                    let isWaiting = state.withLock { state in
                        state.waiting[name]?.append(continuation)
                        return state.waiting[name] != nil
                    }
                    if !isWaiting { continuation.resume(returning: .some) }
                }
            }
            switch taken {
            case .some: continue
            case .none(let wait): return wait
            case .unknown: return nil
            }
        }
    }

    private func takeSome(_ name: String) async -> Taken {
        let taken: Taken
        do {
            let wait = try await limiter.take(chunk, of: [RateLimiter.Bucket("api:" + name, limit)])
            taken = wait.map { .none(min($0, .seconds(60))) } ?? .some
        } catch {
            taken = .unknown
        }
        let waiting = state.withLock { state in
            if case .some = taken {
                if state.balances.count >= Self.capacity { state.balances.removeAll(keepingCapacity: true) }
                state.balances[name] = Balance(left: chunk, until: .now + .seconds(60))
            }
            return state.waiting.removeValue(forKey: name) ?? []
        }
        for continuation in waiting { continuation.resume(returning: taken) }
        return taken
    }
}
