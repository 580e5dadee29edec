/// Time and chance, so that tests hold both.
package protocol TrafficClock: Sendable {
    var now: ContinuousClock.Instant { get }
    /// From 0 to 1.
    func jitter() -> Double
    func sleep(until instant: ContinuousClock.Instant) async throws
}

package struct SystemTrafficClock: TrafficClock {
    package init() {}

    package var now: ContinuousClock.Instant { .now }

    package func jitter() -> Double { .random(in: 0...1) }

    package func sleep(until instant: ContinuousClock.Instant) async throws {
        try await Task.sleep(until: instant, clock: .continuous)
    }
}
