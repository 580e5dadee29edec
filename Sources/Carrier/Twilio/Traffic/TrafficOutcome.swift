import Curl

/// What the end of a call says about the other side.
enum TrafficOutcome: Sendable, Equatable {
    /// An answer of whatever kind: Twilio works.
    case answered
    /// 429 for too many requests of the account. A 429 with another code is about one sender or one recipient: 21611
    /// (queue full), 63038 (daily cap), 60203 (codes sent).
    case tooManyRequests(retryAfter: Duration?)
    /// 5xx.
    case serverFailed
    /// No answer: a loss on the way may be ours.
    case unknown

    init(_ answer: HTTPResponse) {
        guard answer.status == 429 else {
            self.init(status: answer.status, retryAfter: nil, code: nil)
            return
        }
        self.init(status: 429, retryAfter: RetryAfter.duration(in: answer), code: TwilioError(answer).code)
    }

    init(status: Int, retryAfter: Duration?, code: Int?) {
        switch status {
        case 429 where code == nil || code == 20429: self = .tooManyRequests(retryAfter: retryAfter)
        case 500...: self = .serverFailed
        default: self = .answered
        }
    }
}
