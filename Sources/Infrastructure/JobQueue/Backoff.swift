import Foundation

/// How long a failed job waits: `base` after the first attempt, twice as long after each further one, at most
/// `limit`, less a random part of up to a fifth, so that jobs that failed together do not come back together.
package struct Backoff: Sendable, Equatable {
    package var base: Duration
    package var limit: Duration

    package init(base: Duration = .seconds(1), limit: Duration = .seconds(300)) {
        self.base = base
        self.limit = limit
    }

    /// - Parameters:
    ///   - attempt: the attempt that failed, from 1.
    ///   - spread: where in the random part to come out, 0 to 1.
    package func delay(after attempt: Int, spread: Double = .random(in: 0...1)) -> Duration {
        let doublings = min(max(attempt, 1) - 1, 30)
        let full = min(base * (1 << doublings), limit)
        return full * (1 - 0.2 * spread)
    }
}
