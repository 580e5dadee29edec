import Curl
import Synchronization

/// The thin driver around one account's places, `BackOff` and `Circuit`s: it locks, waits and wakes, and decides nothing.
final class AccountGate: Sendable {
    /// The right to make one call; to be given back by `leave`.
    struct Pass: Sendable {
        let product: TwilioEndpoints.Product
        /// The newest pause when the call began.
        let knewPause: Int
    }

    private struct State {
        var backOff: BackOff
        /// By the product's place.
        var circuits: [Circuit]
    }

    private let state: Mutex<State>
    /// Of calls under way.
    private let places: WaitingLine
    /// Of those who look once more whether their call is to be made, and then wait for a place.
    private let looks: WaitingLine
    private let limits: TwilioTraffic.Limits
    private let clock: any TrafficClock

    init(_ limits: TwilioTraffic.Limits, clock: any TrafficClock) {
        self.limits = limits
        self.clock = clock
        places = WaitingLine(places: limits.concurrency, longestQueue: limits.longestQueue)
        looks = WaitingLine(places: limits.looksAtOnce, longestQueue: limits.longestQueue)
        state = Mutex(
            State(
                backOff: BackOff(limits.backOff),
                circuits: TwilioEndpoints.Product.allCases.map { _ in Circuit(limits.server) }))
    }

    /// For whom something is in the way (`pass`). Throws `heldBack`, or `transport` with `cancelled` when the task was
    /// cancelled while it waited.
    func enter(_ product: TwilioEndpoints.Product) async throws(TwilioCallError) -> Pass {
        try await take(places)
        do throws(TwilioCallError) {
            let knew = try await waitForPause()
            try admit(product)
            return Pass(product: product, knewPause: knew)
        } catch {
            places.free()
            throw error
        }
    }

    /// For a call that is looked at once more just before it goes: comes before `enter`, and `endLook` after that, so that few
    /// stand between their look and their place. A look takes no place from a call meanwhile.
    func beginLook() async throws(TwilioCallError) { try await take(looks) }

    func endLook() { looks.free() }

    private func take(_ line: WaitingLine) async throws(TwilioCallError) {
        guard try await line.take() else {
            throw .heldBack(HeldBack(.tooManyWaiting, retryAfter: limits.backOff.first))
        }
    }

    /// For whom nothing is in the way, which is the rule: asked in one go, without a look at the clock.
    func pass(_ product: TwilioEndpoints.Product) -> Pass? {
        let isOpen = state.withLock { $0.backOff.pause == 0 && $0.circuits[product.place].isClosed }
        return isOpen && places.takeAtOnce() ? Pass(product: product, knewPause: 0) : nil
    }

    func leave(_ pass: Pass, _ outcome: TrafficOutcome) {
        state.withLock { state in
            switch outcome {
            case .tooManyRequests(let retryAfter):
                state.backOff.refused(retryAfter: retryAfter, knew: pass.knewPause, at: clock.now)
            case .answered, .serverFailed:
                state.backOff.answered(knew: pass.knewPause)
            case .unknown:
                break
            }
            _ = state.circuits[pass.product.place].record(Circuit.Event(outcome), at: clock.now)
        }
        places.free()
    }

    // MARK: Pauses and circuits

    /// The newest pause that the call has waited for or does not need to wait for.
    private func waitForPause() async throws(TwilioCallError) -> Int {
        // No clock and no dice as long as Twilio has never said 429.
        if state.withLock({ $0.backOff.pause }) == 0 { return 0 }
        var waitedFor = 0
        while true {
            let (now, jitter) = (clock.now, clock.jitter())
            let (admission, pause) = state.withLock {
                ($0.backOff.admit(waitedFor: waitedFor, jitter: jitter, at: now), $0.backOff.pause)
            }
            switch admission {
            case .go:
                return pause
            case .refuse(let retryAfter):
                throw .heldBack(HeldBack(.backingOff, retryAfter: retryAfter))
            case .sleep(let instant):
                waitedFor = pause
                do { try await clock.sleep(until: instant) } catch { throw .gaveUp }
            }
        }
    }

    private func admit(_ product: TwilioEndpoints.Product) throws(TwilioCallError) {
        let now = clock.now
        let admission = state.withLock { state in
            state.circuits[product.place].admit(at: now)
        }
        if case .refuse(let retryAfter) = admission {
            throw .heldBack(HeldBack(.serverFailing, retryAfter: retryAfter))
        }
    }
}

extension Circuit.Event {
    fileprivate init(_ outcome: TrafficOutcome) {
        self =
            switch outcome {
            case .answered, .tooManyRequests: .succeeded
            case .serverFailed: .failed
            case .unknown: .learnedNothing
            }
    }
}

extension TwilioEndpoints.Product {
    /// Among all cases.
    fileprivate var place: Int {
        switch self {
        case .api: 0
        case .lookups: 1
        case .verify: 2
        case .messaging: 3
        case .numbers: 4
        case .pricing: 5
        case .accounts: 6
        case .iam: 7
        }
    }
}
