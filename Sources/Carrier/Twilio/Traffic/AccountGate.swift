import Curl
import Synchronization

/// The thin driver around one account's `Slots`, `BackOff` and `Circuit`s: it locks, waits and wakes, and decides
/// nothing.
final class AccountGate: Sendable {
    /// The right to make one call; to be given back by `leave`.
    struct Pass: Sendable {
        let product: TwilioEndpoints.Product
        /// The newest pause when the call began.
        let knewPause: Int
    }

    private struct State {
        var slots: Slots
        var backOff: BackOff
        /// By the product's place.
        var circuits: [Circuit]
        var waiters: [Slots.WaiterID: CheckedContinuation<Bool, Never>] = [:]
        /// Who got a place between asking and waiting for it.
        var granted: Set<Slots.WaiterID> = []
        /// Who was cancelled before it waited.
        var abandoned: Set<Slots.WaiterID> = []
        var nextWaiter = 0
    }

    private let state: Mutex<State>
    private let limits: TwilioTraffic.Limits
    private let clock: any TrafficClock

    init(_ limits: TwilioTraffic.Limits, clock: any TrafficClock) {
        self.limits = limits
        self.clock = clock
        state = Mutex(
            State(
                slots: Slots(concurrency: limits.concurrency, longestQueue: limits.longestQueue),
                backOff: BackOff(limits.backOff),
                circuits: TwilioEndpoints.Product.allCases.map { _ in Circuit(limits.server) }))
    }

    /// For whom something is in the way (`pass`). Throws `heldBack`, or `transport` with `cancelled` when the task was
    /// cancelled while it waited.
    func enter(_ product: TwilioEndpoints.Product) async throws(TwilioCallError) -> Pass {
        guard try await takeSlot() else { throw .heldBack(HeldBack(.tooManyWaiting, retryAfter: limits.backOff.first)) }
        do throws(TwilioCallError) {
            let knew = try await waitForPause()
            try admit(product)
            return Pass(product: product, knewPause: knew)
        } catch {
            freeSlot()
            throw error
        }
    }

    /// For whom nothing is in the way, which is the rule: asked in one go, without a look at the clock.
    func pass(_ product: TwilioEndpoints.Product) -> Pass? {
        state.withLock { state in
            guard state.backOff.pause == 0, state.circuits[product.place].isClosed else { return nil }
            let id = state.nextWaiter
            guard state.slots.hasRoom, case .go = state.slots.enter(id) else { return nil }
            state.nextWaiter += 1
            return Pass(product: product, knewPause: 0)
        }
    }

    func leave(_ pass: Pass, _ outcome: TrafficOutcome) {
        let next = state.withLock { state in
            switch outcome {
            case .tooManyRequests(let retryAfter):
                state.backOff.refused(retryAfter: retryAfter, knew: pass.knewPause, at: clock.now)
            case .answered, .serverFailed:
                state.backOff.answered(knew: pass.knewPause)
            case .unknown:
                break
            }
            _ = state.circuits[pass.product.place].record(Circuit.Event(outcome), at: clock.now)
            return Self.freeSlot(&state)
        }
        next?.resume(returning: true)
    }

    // MARK: Slots

    /// False when too many wait.
    private func takeSlot() async throws(TwilioCallError) -> Bool {
        let (admission, id) = state.withLock { state in
            let id = state.nextWaiter
            state.nextWaiter += 1
            return (state.slots.enter(id), id)
        }
        switch admission {
        case .go: return true
        case .refuse: return false
        case .wait: break
        }
        let isMine = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in waitInLine(id, continuation) }
        } onCancel: {
            giveUp(id)
        }
        _ = state.withLock { $0.abandoned.remove(id) }
        guard isMine else { throw Self.cancelled }
        return true
    }

    private func waitInLine(_ id: Slots.WaiterID, _ continuation: CheckedContinuation<Bool, Never>) {
        let already: Bool? = state.withLock { state in
            if state.granted.remove(id) != nil { return true }
            if state.abandoned.contains(id) { return !state.slots.giveUp(id) }
            state.waiters[id] = continuation
            return nil
        }
        if let already { continuation.resume(returning: already) }
    }

    /// The task was cancelled, before it waited, while it did, or just when its turn came.
    private func giveUp(_ id: Slots.WaiterID) {
        let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard let waiter = state.waiters[id] else {
                state.abandoned.insert(id)
                return nil
            }
            guard state.slots.giveUp(id) else { return nil }
            state.waiters[id] = nil
            return waiter
        }
        continuation?.resume(returning: false)
    }

    private func freeSlot() {
        state.withLock { Self.freeSlot(&$0) }?.resume(returning: true)
    }

    /// Who is to be told that the place is theirs.
    private static func freeSlot(_ state: inout State) -> CheckedContinuation<Bool, Never>? {
        guard case .resume(let id) = state.slots.leave() else { return nil }
        if let waiter = state.waiters.removeValue(forKey: id) { return waiter }
        state.granted.insert(id)
        return nil
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
                do { try await clock.sleep(until: instant) } catch { throw Self.cancelled }
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

    private static let cancelled = TwilioCallError.transport(
        TransportError(kind: .cancelled, delivery: .notSent, detail: "the caller gave up while it waited for its turn"))
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
