import Credentials
import Curl
import JobQueue
import Synchronization
import Twilio

/// What became of a POST to Messages.
enum AttemptEnding: Sendable {
    /// Twilio has it, under this SID.
    case accepted(sid: String)
    /// Twilio said no, for good. `secrets` is the version of the credential's secrets, if it was these that were refused.
    case refused(code: Int?, remedy: String, secrets: Int?)
    /// We held it back for good: what had allowed it at the beginning does not hold any more.
    case withdrawn(code: Int?, remedy: String)
    /// Nothing went out, or Twilio said that it did not process it.
    case notSent(reason: String, retryAfter: Duration, asksFor: Less? = nil)
    /// It may have gone out.
    case inDoubt(reason: String)

    /// Whose messages Twilio wants fewer of.
    enum Less: Sendable {
        case fromSender
        case fromAccount

        /// 21611: the sender's queue at Twilio is full. 20429 and 429 without a code: too many calls of the account.
        init?(_ error: TwilioError) {
            switch error.code {
            case 21_611: self = .fromSender
            case nil, 20_429: self = .fromAccount
            default: return nil
            }
        }
    }

    /// No client could be had: nothing went out.
    static func withoutLease(_ error: LeaseError) -> AttemptEnding {
        .refused(code: nil, remedy: error.description, secrets: nil)
    }

    /// One POST, at most once on the wire.
    /// - Parameter lastLook: asked just before the first byte; what it answers is the ending, and nothing goes out.
    static func of(
        _ attempt: MessageAttempt, by lease: TwilioLease, hooks: HookURLs,
        lastLook: @escaping @Sendable () async -> AttemptEnding?
    ) async -> AttemptEnding {
        var creation = Twilio.Message.Creation(to: attempt.to, sender: attempt.sender, body: attempt.body)
        if !attempt.mediaURLs.isEmpty {
            creation.mediaUrl = attempt.mediaURLs
            if attempt.body.isEmpty { creation.body = nil }
        }
        creation.statusCallback = hooks.status(lease.hook, attempt: attempt.nonce)
        creation.validityPeriod = attempt.validFor
        let objection = Mutex<AttemptEnding?>(nil)
        let outcome = await lease.client.messages.create(creation) {
            let found = await lastLook()
            objection.withLock { $0 = found }
            return found == nil
        }
        if let found = objection.withLock({ $0 }) { return found }
        switch outcome {
        case .accepted(let message):
            return .accepted(sid: message.sid.text)
        case .refused(let error) where error.disposition == .retryLater:
            // A definite refusal that will pass: a full queue, a daily limit.
            return .notSent(
                reason: error.remedy, retryAfter: pause(afterRefusal: attempt.number), asksFor: Less(error))
        case .refused(let error):
            return .refused(
                code: error.code, remedy: error.remedy,
                secrets: error.disposition == .fixCredential || error.code == Refusal.suspendedCode
                    ? lease.version : nil)
        case .notSent(.tooManyRequests(let error), let retryAfter):
            let own = error.code == nil || error.code == 20_429 ? backOff(attempt) : pause(afterRefusal: attempt.number)
            return .notSent(reason: error.remedy, retryAfter: retryAfter ?? own, asksFor: Less(error))
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

    /// After a refusal that will pass, such as a full queue: doubling from 15 seconds, at most 15 minutes, less up to a
    /// fifth at random.
    static func pause(afterRefusal number: Int) -> Duration {
        Backoff(base: .seconds(15), limit: .seconds(900)).delay(after: number)
    }

    /// Doubling from one second, at most a minute, with full jitter.
    private static func backOff(_ attempt: MessageAttempt) -> Duration {
        let most = min(1 << min(attempt.number - 1, 6), 60)
        return .milliseconds(Int.random(in: 500...(most * 1_000)))
    }
}
