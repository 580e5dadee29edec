import Curl
import Synchronization

/// The thin driver around `Slots`: it locks, waits and wakes, and decides nothing.
final class WaitingLine: Sendable {
    private struct State {
        var slots: Slots
        var waiters: [Slots.WaiterID: CheckedContinuation<Bool, Never>] = [:]
        /// Who got a place between asking and waiting for it.
        var granted: Set<Slots.WaiterID> = []
        /// Who was cancelled before it waited.
        var abandoned: Set<Slots.WaiterID> = []
        var nextWaiter = 0
    }

    private let state: Mutex<State>

    init(places: Int, longestQueue: Int) {
        state = Mutex(State(slots: Slots(concurrency: places, longestQueue: longestQueue)))
    }

    /// Whether a place was free, and is the caller's now.
    func takeAtOnce() -> Bool {
        state.withLock { state in
            let id = state.nextWaiter
            guard state.slots.hasRoom, case .go = state.slots.enter(id) else { return false }
            state.nextWaiter += 1
            return true
        }
    }

    /// False when too many wait. Throws `transport` with `cancelled` when the task was cancelled while it waited.
    func take() async throws(TwilioCallError) -> Bool {
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
            await withCheckedContinuation { continuation in wait(id, continuation) }
        } onCancel: {
            giveUp(id)
        }
        _ = state.withLock { $0.abandoned.remove(id) }
        guard isMine else { throw .gaveUp }
        return true
    }

    /// Gives a place back.
    func free() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard case .resume(let id) = state.slots.leave() else { return nil }
            if let waiter = state.waiters.removeValue(forKey: id) { return waiter }
            state.granted.insert(id)
            return nil
        }
        next?.resume(returning: true)
    }

    private func wait(_ id: Slots.WaiterID, _ continuation: CheckedContinuation<Bool, Never>) {
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
}

extension TwilioCallError {
    static let gaveUp = TwilioCallError.transport(
        TransportError(kind: .cancelled, delivery: .notSent, detail: "the caller gave up while it waited for its turn"))
}
