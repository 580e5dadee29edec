import HTTPTypes

extension HTTPField.Name {
    static let requestID = Self.known("X-Request-Id")
    static let traceParent = Self.known("traceparent")
    static let forwardedFor = Self.known("X-Forwarded-For")
    static let organization = Self.known("X-Switchboard-Organization")
    static let requirePreflight = Self.known("GraphQL-Require-Preflight")
    static let lastEventID = Self.known("Last-Event-ID")
    static let serverTiming = Self.known("Server-Timing")
    static let referrerPolicy = Self.known("Referrer-Policy")
    static let accelBuffering = Self.known("X-Accel-Buffering")

    /// A name written in this file. All of them are tokens, so the other branch is never taken.
    private static func known(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .via
    }
}
