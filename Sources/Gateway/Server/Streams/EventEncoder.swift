import NIOCore

/// Server-Sent Events as bytes (WHATWG HTML, section 9.2.5) with the events of graphql-sse, distinct connections.
enum EventEncoder {
    /// A comment: it keeps proxies from closing a silent connection, and finds out whether anybody listens.
    static let heartbeat = ByteBuffer(string: ":\n\n")

    /// The empty `data:` is needed: without it, `EventSource` passes the event over.
    static let complete = ByteBuffer(string: "event: complete\ndata:\n\n")

    /// One result. JSON may be laid out over several lines, and each one needs its own `data:`; the reader joins them
    /// again by line feeds.
    static func next(_ json: ByteBuffer, id: String? = nil) -> ByteBuffer {
        var event = ByteBuffer()
        event.reserveCapacity(json.readableBytes + 64)
        event.writeString("event: next\n")
        if let id, isField(id) { event.writeString("id: \(id)\n") }
        for line in lines(of: json) {
            event.writeString("data: ")
            event.writeImmutableBuffer(line)
            event.writeString("\n")
        }
        event.writeString("\n")
        return event
    }

    /// What failed before there was anything to stream.
    static func failure(_ json: ByteBuffer) -> ByteBuffer {
        var events = next(json)
        events.writeImmutableBuffer(complete)
        return events
    }

    /// An id with a line feed would begin another field, and one with a NUL is passed over by readers.
    private static func isField(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// Lines end with LF, CR or both; inside JSON strings none of them can stand.
    private static func lines(of json: ByteBuffer) -> [ByteBuffer] {
        var lines: [ByteBuffer] = []
        var rest = json
        while rest.readableBytes > 0 {
            let view = rest.readableBytesView
            guard let end = view.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else {
                lines.append(rest)
                return lines
            }
            if let line = rest.readSlice(length: end - view.startIndex), line.readableBytes > 0 { lines.append(line) }
            rest.moveReaderIndex(forwardBy: 1)
        }
        return lines
    }
}
