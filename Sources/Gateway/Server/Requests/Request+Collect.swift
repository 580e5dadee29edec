import Hummingbird
import HummingbirdCore
import NIOCore

extension Request {
    /// The whole body; `nil` as soon as it turns out to be longer than `limit` bytes. What follows is then thrown away.
    ///
    /// The body is kept in the request, so that a stream can watch the connection afterwards.
    mutating func collect(upTo limit: Int) async throws -> ByteBuffer? {
        do {
            return try await collectBody(upTo: limit)
        } catch is NIOTooManyBytesError {
            return nil
        }
    }
}
