package import Curl

/// Why a call that only reads, or that may be repeated, did not work.
package enum TwilioCallError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Twilio answered, with something else than success.
    case refused(TwilioError)
    /// No whole answer came.
    case transport(TransportError)
    /// A success whose body cannot be read; says what was missing, never what was there.
    case malformedAnswer(String)

    package var disposition: TwilioError.Disposition {
        switch self {
        case .refused(let error): error.disposition
        case .transport(let error): error.delivery == .notSent ? .retryLater : .inDoubt
        case .malformedAnswer: .inDoubt
        }
    }

    package var description: String {
        switch self {
        case .refused(let error): error.description
        case .transport(let error): "Twilio could not be reached: \(error)"
        case .malformedAnswer(let why): "Twilio's answer could not be read: \(why)"
        }
    }
}
