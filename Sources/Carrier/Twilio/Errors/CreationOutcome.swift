package import Curl

/// What is known after one attempt to create something at Twilio, whose creations take no idempotency key.
package enum CreationOutcome<Resource: Decodable & Sendable>: Sendable {
    /// Twilio has it.
    case accepted(Resource)
    /// A definite 4xx: it does not exist, and the same request would be refused again.
    case refused(TwilioError)
    /// Nothing was sent, or Twilio did not process it: try again, not before `retryAfter` when that is given.
    case notSent(NotSentReason, retryAfter: Duration?)
    /// It may or may not exist. Settle it by evidence; never by sending again.
    case inDoubt(DoubtReason)

    init(_ error: TwilioCallError) {
        self =
            switch error {
            case .transport(let error) where error.delivery == .notSent: .notSent(.transport(error), retryAfter: nil)
            case .transport(let error): .inDoubt(.transport(error))
            case .heldBack(let why): .notSent(.heldBack(why), retryAfter: why.retryAfter)
            case .refused(let error): .refused(error)
            case .malformedAnswer(let why): .inDoubt(.unusableAnswer(why))
            }
    }

    package init(_ answer: HTTPResponse) {
        self =
            switch answer.status {
            case 200..<300:
                switch Result(catching: { () throws(TwilioCallError) in
                    try TwilioJSON.decode(Resource.self, from: answer)
                }) {
                case .success(let resource): .accepted(resource)
                case .failure(let error): .inDoubt(.unusableAnswer(error.description))
                }
            case 429: .notSent(.tooManyRequests(TwilioError(answer)), retryAfter: RetryAfter.duration(in: answer))
            // A request that timed out at the server may have been read all the same.
            case 408: .inDoubt(.status(408))
            case 400..<500: .refused(TwilioError(answer))
            default: .inDoubt(.status(answer.status))
            }
    }
}

package enum NotSentReason: Sendable, Equatable {
    /// The transport has evidence that the request did not go out.
    case transport(TransportError)
    /// HTTP 429: not processed (facts: "429 was not processed, retry with backoff").
    case tooManyRequests(TwilioError)
    /// It was not even sent, since Twilio would not have taken it just now.
    case heldBack(HeldBack)
}

package enum DoubtReason: Sendable, Equatable, CustomStringConvertible {
    /// Timeout after sending, reset, and the like.
    case transport(TransportError)
    /// 5xx, 408, or a redirect, which is not followed.
    case status(Int)
    /// A success that cannot be read.
    case unusableAnswer(String)

    package var description: String {
        switch self {
        case .transport(let error): error.description
        case .status(let status): "Twilio answered with status \(status)"
        case .unusableAnswer(let why): why
        }
    }
}
