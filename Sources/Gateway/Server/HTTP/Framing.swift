import NIOCore

/// How a client knows where the body of an answer ends (RFC 9112, section 6).
enum Framing {
    /// After so many bytes; `nil` where the status says that there is none.
    case length(Int?)
    case chunked
    /// The connection's end is the body's.
    case untilClose

    /// Of what `write` takes, in bytes.
    static let longest = 64

    /// Its line in a head.
    /// - Parameter room: at least `longest` bytes from `place` on.
    /// - Returns: where the next byte goes.
    func write(to room: UnsafeMutableRawBufferPointer, at place: Int) -> Int {
        switch self {
        case .length(let length?):
            var digits = String(length)
            let start = room.write("Content-Length: ", at: place)
            let end = digits.withUTF8 { room.write(UnsafeRawBufferPointer($0), at: start) }
            return room.write("\r\n", at: end)
        case .chunked: return room.write("Transfer-Encoding: chunked\r\n", at: place)
        case .length(nil), .untilClose: return place
        }
    }

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
        // In one piece: to add each name and value to the buffer costs more than to write them.
        let size = status.line.utf8CodeUnitCount + fields.size + Framing.longest
        writeWithUnsafeMutableBytes(minimumWritableBytes: size) { room in
            framing.write(to: room, at: fields.write(to: room, at: room.write(status.line, at: 0)))
        }
    }
}
