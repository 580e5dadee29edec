import Synchronization
import Twilio

/// The clock of a world's Twilio clients: the real one, and what the test has hurried it on by, so that a pause that
/// Twilio asked for can be over without waiting.
package final class HurriedClock: TrafficClock {
    private let ahead = Mutex(Duration.zero)

    package init() {}

    package var now: ContinuousClock.Instant { .now + ahead.withLock { $0 } }

    package func jitter() -> Double { .random(in: 0...1) }

    package func hurry(by duration: Duration) {
        ahead.withLock { $0 += duration }
    }

    package func sleep(until instant: ContinuousClock.Instant) async throws {
        try await Task.sleep(until: instant - ahead.withLock { $0 }, clock: .continuous)
    }
}
