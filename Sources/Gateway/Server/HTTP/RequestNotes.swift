import NIOCore
import QueryEngine

/// What the rooms made of a head, and of the body that came behind it last: a client that polls sends the very same bytes,
/// and what they say need not be read again.
///
/// A connection keeps the notes of its last head, and with them the client's token and its query with the values, for as
/// long as it is open.
///
/// `@unchecked Sendable`: it is touched in the reactor's turn alone.
final class RequestNotes: @unchecked Sendable {
    /// What a head says that is well-formed.
    struct Head {
        let acceptance: Acceptance
        let bearer: BearerToken?
        let organization: String?
        let memo = AccessMemo()
    }

    /// What a body asks for, and what the engine made of it.
    struct Body {
        let operation: OperationRequest
        let memo = QueryMemo()
    }

    var head: Head?
    private var last: (bytes: ByteBuffer, body: Body)?

    func body(_ bytes: ByteBuffer) -> Body? {
        last.flatMap { $0.bytes == bytes ? $0.body : nil }
    }

    func note(_ operation: OperationRequest, of bytes: ByteBuffer) -> Body {
        let body = Body(operation: operation)
        last = (bytes, body)
        return body
    }
}
