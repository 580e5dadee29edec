/// How the transport behaves for every request. Certificates are always verified; there is no switch for that.
package struct TransportConfiguration: Sendable {
    package enum HTTPVersion: Sendable {
        /// HTTP/2 when TLS negotiation (ALPN) offers it, else HTTP/1.1.
        case negotiated
        case http1
        /// HTTP/2 in the clear, for a server known to speak it; each request on a connection of its own, since
        /// libcurl 7.88 fails with a framing error when it reuses such a connection.
        case http2PriorKnowledge
    }

    /// PEM file of the authorities to trust instead of the system's.
    package var certificateAuthorities: String?
    package var httpVersion: HTTPVersion = .negotiated
    /// Idle connections older than this are not used again. Whole seconds.
    package var longestIdle: Duration = .seconds(20)
    /// Lets libcurl send a POST twice. Only the negative control of the test for that guard sets it.
    package var dangerouslyLetsRequestsRepeat = false

    package init() {}
}
