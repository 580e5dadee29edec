package import QueryEngine

/// Who may ask. Accounts provides it.
package protocol Access: Sendable {
    /// Finds whom a bearer token stands for.
    ///
    /// - Parameters:
    ///   - token: what followed `Bearer ` in `Authorization`.
    ///   - organization: the value of `X-Switchboard-Organization`, which picks one for a caller who has several.
    ///   - requestID: goes into the caller, and from there into logs and the audit.
    func caller(
        bearer token: String, organization: String?, requestID: String
    ) async throws(AccessError) -> Caller

    /// Whether a caller found earlier would be found now. Asked more than twice a second for each live stream.
    func standing(of caller: Caller) async -> Standing
}

/// What became of a caller.
package enum Standing: Sendable, Hashable {
    case valid
    /// The token was revoked, or expired.
    case revoked
    /// It cannot be found out now. A stream waits, and gives out nothing, until it can.
    case unknown
}

/// Why a request is not let in.
package enum AccessError: Error, Sendable, Hashable {
    /// The token is none of ours, or is revoked or expired: 401. All three look alike.
    case unauthenticated
    /// The token is good, but not for this; the sentence says what is missing: 403.
    case forbidden(String)
    /// Too many requests with this token or from this address: 429.
    case tooManyRequests(retryAfter: Duration)
    /// It cannot be found out now, since the database does not answer: 503.
    case unavailable
}
