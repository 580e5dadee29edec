import Curl
import Synchronization

/// Counts the 401s of one client in a row, and stops it when they do not end: a credential that was revoked or rotated
/// must not be tried for ever, and whoever keeps it must hear of it. A new credential is a new client.
final class CredentialWatch: Sendable {
    private let circuit: Mutex<Circuit>
    private let clock: any TrafficClock
    private let onRefused: @Sendable (TwilioError) async -> Void

    init(
        _ limits: Circuit.Limits, clock: any TrafficClock, onRefused: @escaping @Sendable (TwilioError) async -> Void
    ) {
        circuit = Mutex(Circuit(limits))
        self.clock = clock
        self.onRefused = onRefused
    }

    func admit() throws(HeldBack) {
        if case .refuse(let retryAfter) = circuit.withLock({ $0.admit(at: clock.now) }) {
            throw HeldBack(.credentialRefused, retryAfter: retryAfter)
        }
    }

    /// - Parameter counts: false for a call whose 401 says nothing about the credential.
    /// - Returns: whether this was one 401 too many, which is to be told by `announceRefusal`.
    func saw(_ answer: HTTPResponse, counts: Bool) -> Bool {
        // A server that fails has not looked at the credential.
        let event: Circuit.Event =
            switch answer.status {
            case 401: counts ? .failed : .learnedNothing
            case 429, 500...: .learnedNothing
            default: .succeeded
            }
        return circuit.withLock { $0.record(event, at: clock.now) } == .announceOpening
    }

    func announceRefusal(_ answer: HTTPResponse) async {
        await onRefused(TwilioError(answer))
    }

    func sawNothing() {
        _ = circuit.withLock { $0.record(.learnedNothing, at: clock.now) }
    }
}
