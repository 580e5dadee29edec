/// Why a call was not even sent.
package struct HeldBack: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable, CaseIterable {
        /// As many calls of the account run as may, and as many wait as may.
        case tooManyWaiting
        /// Twilio asked for fewer requests (429) and the pause is longer than a call waits.
        case backingOff
        /// Twilio has refused the credential again and again (401).
        case credentialRefused
        /// The product has failed again and again (5xx).
        case serverFailing
        /// Its caller's last look, when it had its place among the account's calls, was against it.
        case withdrawn
    }

    package let reason: Reason
    /// When it may be worth another try.
    package let retryAfter: Duration?

    package init(_ reason: Reason, retryAfter: Duration?) {
        self.reason = reason
        self.retryAfter = retryAfter
    }

    /// One sentence for the person who has to deal with it.
    package var remedy: String {
        switch reason {
        case .tooManyWaiting: "Too many requests of this account are waiting; try again in a moment."
        case .backingOff: "Twilio asks for fewer requests at a time; try again a little later."
        case .withdrawn: "It was withdrawn before it was sent."
        case .credentialRefused: "Check the Twilio credential: Twilio has refused it several times in a row."
        case .serverFailing: "Twilio fails at the moment; try again later."
        }
    }

    package var description: String {
        retryAfter.map { "\(reason.rawValue), for \($0)" } ?? reason.rawValue
    }
}
