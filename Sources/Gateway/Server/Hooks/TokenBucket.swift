/// So many at once, and so many a second after that.
struct TokenBucket: Sendable {
    let rate: Double
    let burst: Double
    private var level: Double
    private var filledAt: ContinuousClock.Instant

    /// - Parameters:
    ///   - rate: tokens a second.
    ///   - burst: tokens that a full bucket holds.
    init(rate: Double, burst: Double, now: ContinuousClock.Instant) {
        self.rate = rate
        self.burst = burst
        level = burst
        filledAt = now
    }

    /// Whether a token is there. It stays there.
    mutating func hasToken(at now: ContinuousClock.Instant) -> Bool {
        fill(at: now)
        return level >= 1
    }

    mutating func spend(at now: ContinuousClock.Instant) {
        fill(at: now)
        level = max(level - 1, 0)
    }

    /// Nothing is lost by forgetting a full bucket.
    mutating func isFull(at now: ContinuousClock.Instant) -> Bool {
        fill(at: now)
        return level >= burst
    }

    private mutating func fill(at now: ContinuousClock.Instant) {
        let seconds = (now - filledAt) / .seconds(1)
        if seconds > 0 {
            level = min(burst, level + seconds * rate)
            filledAt = now
        }
    }
}
