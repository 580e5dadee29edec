import Credentials
import Curl
import Twilio

/// What became of a POST to Messages.
enum AttemptEnding: Sendable {
    /// Twilio has it, under this SID.
    case accepted(sid: String)
    /// Twilio said no, for good. `secrets` is the version of the credential's secrets, if it was these that were refused.
    case refused(code: Int?, remedy: String, secrets: Int?)
    /// Nothing went out, or Twilio said that it did not process it.
    case notSent(reason: String, retryAfter: Duration)
    /// It may have gone out.
    case inDoubt(reason: String)

    /// No client could be had: nothing went out.
    static func withoutLease(_ error: LeaseError) -> AttemptEnding {
        .refused(code: nil, remedy: error.description, secrets: nil)
    }

    /// One POST, at most once on the wire.
    static func of(_ attempt: MessageAttempt, by lease: TwilioLease, hooks: HookURLs) async -> AttemptEnding {
        var creation = Twilio.Message.Creation(to: attempt.to, sender: .from(attempt.from), body: attempt.body)
        creation.statusCallback = hooks.status(lease.hook, attempt: attempt.nonce)
        switch await lease.client.messages.create(creation) {
        case .accepted(let message):
            return .accepted(sid: message.sid.text)
        case .refused(let error) where error.disposition == .retryLater:
            // A definite refusal that will pass: a full queue, a daily limit.
            return .notSent(reason: error.remedy, retryAfter: .seconds(30))
        case .refused(let error):
            return .refused(
                code: error.code, remedy: error.remedy,
                secrets: error.disposition == .fixCredential ? lease.version : nil)
        case .notSent(.tooManyRequests(let error), let retryAfter):
            return .notSent(reason: error.remedy, retryAfter: retryAfter ?? backOff(attempt))
        case .notSent(.heldBack(let why), _) where why.reason == .credentialRefused:
            return .refused(code: nil, remedy: why.remedy, secrets: lease.version)
        case .notSent(.heldBack(let why), let retryAfter):
            return .notSent(reason: why.remedy, retryAfter: retryAfter ?? backOff(attempt))
        case .notSent(.transport(let error), let retryAfter):
            return .notSent(
                reason: "Twilio could not be reached (\(error.kind.rawValue)).",
                retryAfter: retryAfter ?? backOff(attempt))
        case .inDoubt(let reason):
            return .inDoubt(reason: "No usable answer came: \(reason).")
        }
    }

    /// Doubling from one second, at most a minute, with full jitter.
    private static func backOff(_ attempt: MessageAttempt) -> Duration {
        let most = min(1 << min(attempt.number - 1, 6), 60)
        return .milliseconds(Int.random(in: 500...(most * 1_000)))
    }
}
