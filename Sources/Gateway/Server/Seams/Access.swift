package import QueryEngine

/// Who may ask. Accounts provides it.
package protocol Access: Sendable {
    /// Finds whom a request comes from. One without a bearer token may still be somebody who may ask a little, such as to
    /// sign in; or is `.unauthenticated`.
    nonisolated(nonsending) func caller(of claim: AccessClaim) async throws(AccessError) -> Caller

    /// Finds whom a request comes from without waiting for anybody; `nil` where only `caller(of:)` can find out, or refuse.
    /// Nothing is counted yet: see `admit`.
    func knownCaller(of claim: AccessClaim) -> Caller?

    /// Counts the request of a caller whom `knownCaller` found.
    /// - Returns: whether it may go on; otherwise nothing was counted, and `caller(of:)` decides.
    func admit(_ caller: Caller) -> Bool

    /// Whether a caller found earlier would be found now. Asked more than twice a second for each live stream.
    func standing(of caller: Caller) async -> Standing

    /// An operation of this caller was refused for what the caller is.
    func noteDenied(_ caller: Caller) async
}

extension Access {
    package func knownCaller(of claim: AccessClaim) -> Caller? { nil }
    package func admit(_ caller: Caller) -> Bool { false }
}

/// What became of a caller.
package enum Standing: Sendable, Hashable {
    case valid
    /// The token was revoked, or expired.
    case revoked
    /// It cannot be found out now. A stream waits, and gives out nothing, until it can.
    case unknown
}

/// What a request says of who sends it, and what the edge knows of it.
package struct AccessClaim: Sendable {
    /// What followed `Bearer ` in `Authorization`; `nil` without one.
    package let bearer: String?
    /// The value of `X-Switchboard-Organization`, which picks one for a caller who has several.
    package let organization: String?
    /// Where the request came from: what trusted proxies say, else the other end of the socket.
    package let address: String
    /// Goes into the caller, and from there into logs and the audit.
    package let requestID: String
    /// For what is found, and of what was found for the same bearer and the same organization before.
    package let memo: AccessMemo?

    package init(
        bearer: String?, organization: String?, address: String, requestID: String, memo: AccessMemo? = nil
    ) {
        self.bearer = bearer
        self.organization = organization
        self.address = address
        self.requestID = requestID
        self.memo = memo
    }
}

/// Where whoever knows the callers keeps what it found, so that it need not look for the same bearer again. Whether it
/// still holds is for it to say, each time.
///
/// `@unchecked Sendable`: one request at a time has it, in the reactor's turn.
package final class AccessMemo: @unchecked Sendable {
    package var kept: AnyObject?

    package init() {}
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
