/// How an account slows down after 429, which says that nothing was processed: each call that comes during a pause
/// waits a random part of it (full jitter), and the pause doubles as long as Twilio goes on saying 429.
package struct BackOff: Sendable, Equatable {
    package struct Limits: Sendable, Equatable {
        /// The pause after the first 429.
        package var first: Duration
        package var longest: Duration
        /// What a call waits at most; what would take longer is refused at once.
        package var patience: Duration

        package init(first: Duration, longest: Duration, patience: Duration) {
            self.first = first
            self.longest = longest
            self.patience = patience
        }
    }

    package enum Admission: Sendable, Equatable {
        case go
        case sleep(until: ContinuousClock.Instant)
        case refuse(retryAfter: Duration)
    }

    private let limits: Limits
    /// 429s in a row, each from a call that knew of the pause before.
    private var refusals = 0
    /// Nobody goes before that (`Retry-After`).
    private var floor: ContinuousClock.Instant?
    /// From `floor` to here the calls are spread.
    private var end: ContinuousClock.Instant?
    /// Counts the pauses, so that a call waits once for each, and many 429s at once make one pause.
    package private(set) var pause = 0

    package init(_ limits: Limits) {
        self.limits = limits
    }

    /// `waitedFor` is the pause that the call has waited for already, 0 at first; `jitter` is a random number from 0
    /// to 1.
    package func admit(waitedFor: Int, jitter: Double, at now: ContinuousClock.Instant) -> Admission {
        guard waitedFor < pause, let floor, let end, now < end else { return .go }
        let start = max(now, floor)
        let wake = start + start.duration(to: end) * jitter
        guard now.duration(to: wake) <= limits.patience else { return .refuse(retryAfter: now.duration(to: wake)) }
        return .sleep(until: wake)
    }

    /// `knew` is the newest pause when the call began.
    package mutating func refused(retryAfter: Duration?, knew: Int, at now: ContinuousClock.Instant) {
        guard knew == pause else { return }
        let spread = min(limits.first * (1 << min(refusals, 16)), limits.longest)
        refusals += 1
        pause += 1
        let floor = now + (retryAfter ?? .zero)
        self.floor = floor
        end = floor + spread
    }

    package mutating func answered(knew: Int) {
        if knew == pause { refusals = 0 }
    }
}
