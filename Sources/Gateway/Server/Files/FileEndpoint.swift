import NIOCore
import NIOHTTP1
import QueryEngine

/// Where the files behind signed links come from. Messaging provides it.
package protocol FileSource: Sendable {
    /// The file that a link's token names, its type and bytes; `nil` for a token that is forged or over.
    func file(_ token: String) async throws -> (type: String, bytes: [UInt8])?
}

/// `/media/{token}`: what came with messages. The token is the permission; nobody else is asked.
struct FileEndpoint: Sendable {
    let source: (any FileSource)?

    func reply(to method: HTTPMethod, token: String) async -> Reply {
        guard method == .GET || method == .HEAD else {
            return Refusal(.methodNotAllowed, .methodNotAllowed, "Use GET.", headers: [.allow: "GET, HEAD"]).reply()
        }
        let file: (type: String, bytes: [UInt8])?
        do {
            file = try await source?.file(token)
        } catch {
            return Refusal(
                .serviceUnavailable, .unavailable, "The file cannot be read just now.", headers: [.retryAfter: "5"]
            ).reply()
        }
        guard let file else {
            return Refusal(
                .notFound, .notFound, "There is nothing here, or no longer; ask for a new link by createMediaLink."
            ).reply()
        }
        var reply = Reply(.ok, contentType: file.type, body: ByteBuffer(bytes: file.bytes))
        // It came from a stranger: shown where it is asked for, and never run as a page of this server.
        reply.headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        reply.headers[.crossOriginResourcePolicy] = "cross-origin"
        reply.headers[.contentDisposition] =
            file.type.hasPrefix("image/") || file.type.hasPrefix("audio/") || file.type.hasPrefix("video/")
            ? "inline" : "attachment"
        reply.headers[.cacheControl] = "private, max-age=300, immutable"
        reply.headers[.referrerPolicy] = "no-referrer"
        return reply
    }
}
