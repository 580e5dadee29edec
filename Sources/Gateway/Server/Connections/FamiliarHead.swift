import Glibc
import NIOCore
import NIOHTTP1

/// The head that a connection sent last. Who asks the same way again sends the same bytes, and what the parser made of
/// them need not be made again.
///
/// It goes by the parser's word alone. A head is remembered when it came with its body and nothing else, when the parser
/// stood between two requests before, and when it found one head, one end, and as many bytes of a body as there are
/// behind the first empty line of a head whose lines all end in CRLF. The same bytes, met between two requests, are
/// then the same head before a body of the same length.
struct FamiliarHead {
    /// In bytes: a longer one is parsed each time.
    private static let longest = 4_096

    /// Where the parser stands.
    private enum Place {
        case between
        case inBody
        /// Nobody can tell: somebody sends requests in pieces, or before he is answered.
        case unknown
    }

    private var bytes: [UInt8] = []
    private var head: RequestHead?
    /// Of the body.
    private var length = 0
    private var place = Place.between
    /// What the parser found in what it was given.
    private var found: (head: RequestHead?, heads: Int, length: Int, ends: Int) = (nil, 0, 0, 0)

    /// A request that came whole, and nothing besides, behind the head that is remembered.
    func request(in received: UnsafeRawBufferPointer) -> (RequestHead, body: ByteBuffer)? {
        guard let head, place == .between, received.count == bytes.count + length,
            isBegin(of: received)
        else { return nil }
        return (head, ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: received[bytes.count...])))
    }

    /// By `memcmp`: byte by byte it takes longer than to parse a head.
    private func isBegin(of received: UnsafeRawBufferPointer) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard let one = bytes.baseAddress, let other = received.baseAddress else { return false }
            return memcmp(one, other, bytes.count) == 0
        }
    }

    mutating func found(_ head: RequestHead) {
        found.head = head
        found.heads += 1
    }

    mutating func found(_ body: ByteBuffer) { found.length += body.readableBytes }

    mutating func foundEnd() { found.ends += 1 }

    /// The parser has taken `received`.
    mutating func parsed(_ received: UnsafeRawBufferPointer) {
        defer { found = (nil, 0, 0, 0) }
        switch place {
        case .unknown: break
        case .inBody:
            guard found.heads == 0, found.length == received.count else { return place = .unknown }
            if found.ends == 1 { place = .between }
        case .between:
            guard found.heads == 1, let head = found.head, let count = Self.headCount(received),
                count + found.length == received.count
            else { return place = .unknown }
            // Behind these the parser takes nothing for a request any longer.
            guard head.fields[.upgrade] == nil, head.line.method != .CONNECT else { return place = .unknown }
            guard found.ends == 1 else { return place = .inBody }
            guard count <= Self.longest, head.line.isKeepAlive, head.fields[.expect] == nil else { return }
            (bytes, self.head, length) = (Array(received.prefix(count)), head, found.length)
        }
    }

    /// Up to the first empty line; `nil` where there is none, or where a line ends in anything but CRLF.
    private static func headCount(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        var lineStart = 0
        for index in bytes.indices where bytes[index] == lf {
            guard index > lineStart, bytes[index - 1] == cr else { return nil }
            if index - lineStart == 1 { return index + 1 }
            lineStart = index + 1
        }
        return nil
    }
}
