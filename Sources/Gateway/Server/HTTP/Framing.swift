import NIOCore

/// How a client knows where the body of an answer ends (RFC 9112, section 6).
enum Framing {
    /// After so many bytes; `nil` where the status says that there is none.
    case length(Int?)
    case chunked
    /// The connection's end is the body's.
    case untilClose

    static var lastChunk: ByteBuffer { ByteBuffer(string: "0\r\n\r\n") }

    /// - Parameter piece: not empty, which would be the last chunk.
    static func chunk(_ piece: ByteBuffer) -> ByteBuffer {
        var chunk = ByteBuffer()
        chunk.reserveCapacity(piece.readableBytes + 20)
        chunk.writeString(String(piece.readableBytes, radix: 16))
        chunk.writeStaticString("\r\n")
        chunk.writeImmutableBuffer(piece)
        chunk.writeStaticString("\r\n")
        return chunk
    }
}

extension ByteBuffer {
    /// Everything of a head but its closing line.
    mutating func writeHead(_ status: Status, _ fields: AnswerFields, _ framing: Framing) {
        writeStaticString(status.line)
        fields.write(to: &self)
        switch framing {
        case .length(let length?):
            writeStaticString("Content-Length: ")
            writeString(String(length))
            writeStaticString("\r\n")
        case .chunked: writeStaticString("Transfer-Encoding: chunked\r\n")
        case .length(nil), .untilClose: break
        }
    }
}
