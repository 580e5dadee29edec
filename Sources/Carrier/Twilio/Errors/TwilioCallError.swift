package import Curl

/// Why a call that only reads, or that may be repeated, did not work.
package enum TwilioCallError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Twilio answered, with something else than success.
    case refused(TwilioError)
    /// No whole answer came.
    case transport(TransportError)
    /// It was not sent: Twilio would not have taken it just now.
    case heldBack(HeldBack)
    /// A success whose body cannot be read; says what was missing, never what was there.
    case malformedAnswer(String)

    package var disposition: TwilioError.Disposition {
        switch self {
        case .refused(let error): error.disposition
        case .transport(let error): error.delivery == .notSent ? .retryLater : .inDoubt
        case .heldBack(let why): why.reason == .credentialRefused ? .fixCredential : .retryLater
        case .malformedAnswer: .inDoubt
        }
    }

    /// One sentence for the person who has to deal with it.
    package var remedy: String {
        switch self {
        case .refused(let error): error.remedy
        case .transport(let error):
            error.delivery == .notSent
                ? "Twilio could not be reached; try again later."
                : "Twilio gave no answer; check whether it happened before trying again."
        case .heldBack(let why): why.remedy
        case .malformedAnswer: "Twilio's answer could not be read; check whether it happened before trying again."
        }
    }

    package var description: String {
        switch self {
        case .refused(let error): error.description
        case .transport(let error): "Twilio could not be reached: \(error)"
        case .heldBack(let why): "Twilio was not asked: \(why)"
        case .malformedAnswer(let why): "Twilio's answer could not be read: \(why)"
        }
    }
}
