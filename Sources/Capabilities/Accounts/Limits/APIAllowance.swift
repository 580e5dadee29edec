import Postgres
import Synchronization

/// The limit of requests to the API. A node takes a twentieth of a bucket at a time and spends it by itself, so that a
/// request does not wait for the database to be counted, and nodes still share one view.
final class APIAllowance: Sendable {
    private let limiter: RateLimiter
    private let limit: RateLimit
    private let chunk: Int
    private let balances = Mutex<[String: Balance]>([:])

    private struct Balance {
        var left: Int
        var until: ContinuousClock.Instant
    }

    private static let capacity = 20_000

    init(limiter: RateLimiter, limit: RateLimit) {
        self.limiter = limiter
        self.limit = limit
        chunk = max(1, limit.burst / 20)
    }

    /// How long to wait; `nil` when the request may go on. When the database does not answer, what it is needed for will
    /// say so.
    func take(_ name: String) async -> Duration? {
        let isPaid = balances.withLock { balances in
            guard let balance = balances[name], balance.left > 0, balance.until > .now else { return false }
            balances[name]?.left -= 1
            return true
        }
        if isPaid { return nil }
        do {
            if let wait = try await limiter.take(chunk, of: [RateLimiter.Bucket("api:" + name, limit)]) {
                return min(wait, .seconds(60))
            }
        } catch {
            return nil
        }
        balances.withLock { balances in
            if balances.count >= Self.capacity { balances.removeAll(keepingCapacity: true) }
            balances[name] = Balance(left: chunk - 1, until: .now + .seconds(60))
        }
        return nil
    }
}
