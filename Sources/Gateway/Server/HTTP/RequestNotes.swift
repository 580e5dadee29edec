import NIOCore

/// What the rooms made of a head, and of the body that came behind it last: a client that polls sends the very same bytes,
/// and what they say need not be read again.
///
/// A connection keeps the notes of its last head, and with them the client's token, for as long as it is open.
///
/// `@unchecked Sendable`: it is touched in the reactor's turn alone.
final class RequestNotes: @unchecked Sendable {
    /// What a head says that is well-formed.
    struct Head {
        let acceptance: Acceptance
        let bearer: BearerToken?
        let organization: String?
    }

    var head: Head?
    private var last: (body: ByteBuffer, operation: OperationRequest)?

    func operation(of body: ByteBuffer) -> OperationRequest? {
        last.flatMap { $0.body == body ? $0.operation : nil }
    }

    func note(_ operation: OperationRequest, of body: ByteBuffer) {
        last = (body, operation)
    }
}
