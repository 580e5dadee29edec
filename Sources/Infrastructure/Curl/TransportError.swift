/// Why a transfer brought no whole answer, and, apart from that, whether the request may have reached the server.
package struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        /// The request itself is malformed; the detail says how.
        case invalidRequest
        case couldNotResolve
        case couldNotConnect
        /// The host has an address that is not of the public internet, and the request was to reach no other.
        case addressNotPublic
        /// The handshake failed, or the certificate did not verify.
        case tls
        /// The connect or the total timeout passed.
        case timedOut
        /// Reset or closed before the answer was whole.
        case connectionLost
        /// What came is not HTTP.
        case malformedResponse
        /// The answer exceeded its limit, or the reader of a stream was too slow.
        case tooLarge
        case cancelled
        /// libcurl was about to send a request that must go out once for the second time, and was stopped.
        case secondSendPrevented
        /// The server refused the HTTP/2 stream unread (RFC 9113, 8.7).
        case streamRefused
        /// The transport was shut down.
        case shutDown
        /// Memory, descriptors, or a libcurl built without what is needed here.
        case unavailable
    }

    /// What is known about the request. `notSent` is said only upon evidence; everything else is the other.
    package enum Delivery: String, Sendable {
        case notSent
        case mayHaveBeenSent
    }

    package let kind: Kind
    package let delivery: Delivery
    /// For the log: libcurl's own words. Holds host names, never a body, a header or a credential.
    package let detail: String

    package init(kind: Kind, delivery: Delivery, detail: String) {
        self.kind = kind
        self.delivery = delivery
        self.detail = detail
    }

    package var description: String {
        let sent = delivery == .notSent ? "nothing was sent" : "the request may have been sent"
        return "\(kind.rawValue): \(detail) (\(sent))"
    }
}
