/// Stops asking what fails again and again: closed → (failures in a row) → open → (pause over) → probing, one call →
/// closed again, or open for twice as long.
package struct Circuit: Sendable, Equatable {
    package struct Limits: Sendable, Equatable {
        /// How many failures in a row open it.
        package var failures: Int
        package var firstPause: Duration
        package var longestPause: Duration

        package init(failures: Int, firstPause: Duration, longestPause: Duration) {
            self.failures = failures
            self.firstPause = firstPause
            self.longestPause = longestPause
        }
    }

    package enum Event: Sendable {
        case succeeded
        case failed
        /// The call ended without saying anything about the other side: it was cancelled, or never sent.
        case learnedNothing
    }

    package enum Admission: Sendable, Equatable {
        case go
        case refuse(retryAfter: Duration)
    }

    package enum Action: Sendable, Equatable {
        case none
        /// It was closed and is open now. Said once until it closes.
        case announceOpening
    }

    private enum State: Sendable, Equatable {
        /// Exits: `open` at the limit of failures.
        case closed(failures: Int)
        /// Exits: `probing` by the first call after `until`; `closed` by a late success.
        case open(until: ContinuousClock.Instant, pause: Duration)
        /// One call is on its way. Exits: `closed`, `open`.
        case probing(pause: Duration)
    }

    private let limits: Limits
    private var state = State.closed(failures: 0)

    package init(_ limits: Limits) {
        self.limits = limits
    }

    package var isClosed: Bool { if case .closed = state { true } else { false } }

    /// The clock is looked at only when it matters, which is seldom.
    package mutating func admit(at now: @autoclosure () -> ContinuousClock.Instant) -> Admission {
        if isClosed { return .go }
        let now = now()
        switch state {
        case .closed:
            return .go
        case .open(let until, let pause) where now >= until:
            state = .probing(pause: pause)
            return .go
        case .open(let until, _):
            return .refuse(retryAfter: now.duration(to: until))
        case .probing:
            return .refuse(retryAfter: limits.firstPause)
        }
    }

    package mutating func record(_ event: Event, at now: @autoclosure () -> ContinuousClock.Instant) -> Action {
        switch (state, event) {
        case (_, .succeeded):
            state = .closed(failures: 0)
        case (.closed(let failures), .failed) where failures + 1 < limits.failures:
            state = .closed(failures: failures + 1)
        case (.closed, .failed):
            state = .open(until: now() + limits.firstPause, pause: limits.firstPause)
            return .announceOpening
        case (.probing(let pause), .failed):
            let longer = min(pause * 2, limits.longestPause)
            state = .open(until: now() + longer, pause: longer)
        case (.probing(let pause), .learnedNothing):
            state = .open(until: now(), pause: pause)
        case (.open, .failed), (.open, .learnedNothing), (.closed, .learnedNothing):
            break
        }
        return .none
    }
}
