import NIOCore
import NIOHTTP1

/// One request: its head as it came, and its body as it comes.
struct Request: Sendable {
    let method: HTTPMethod
    /// Path and query, still percent-encoded.
    let target: String
    let headers: RequestFields
    let notes: RequestNotes
    /// Where its body comes from and its answer goes to.
    let exchange: Exchange

    init(_ head: RequestHead, _ exchange: Exchange) {
        method = head.line.method
        target = Self.originForm(head.line.uri)
        headers = head.fields
        notes = head.notes
        self.exchange = exchange
    }

    /// The whole body; `nil` as soon as it turns out to be longer than `limit` bytes. What follows is then thrown away.
    ///
    /// - Throws: when the connection ends before the body does.
    nonisolated(nonsending) func collect(upTo limit: Int) async throws -> ByteBuffer? {
        try await exchange.collect(upTo: limit)
    }

    /// Path and query of a target that also names scheme and authority, as a client writes it for a proxy; a server must
    /// take both (RFC 9112, section 3.2.2).
    private static func originForm(_ target: String) -> String {
        guard target.utf8.first != UInt8(ascii: "/"), let scheme = target.firstRange(of: "://"),
            target[..<scheme.lowerBound].allSatisfy({ $0.isASCII && $0.isLetter })
        else { return target }
        let afterScheme = target[scheme.upperBound...]
        guard let path = afterScheme.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
        return afterScheme[path] == "/" ? String(afterScheme[path...]) : "/" + afterScheme[path...]
    }
}
