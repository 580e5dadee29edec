import NIOCore
import QueryEngine
import Sockets

/// What goes out.
extension Connection {
    /// How much of the room for heads is kept, in bytes: most answers fit in.
    private static let roomKept = 262_144

    /// Whether a writer may go on before the client has read more.
    var hasRoom: Bool { !socket.isOpen || socket.isWritable }

    func send(_ status: Status, _ fields: AnswerFields, _ body: ByteBuffer, of exchange: Exchange) -> Bool {
        guard mayWrite(exchange) else { return false }
        let length = status == .noContent ? nil : body.readableBytes
        writeHead(status, fields, .length(length), exchange)
        var body = body
        if !exchange.isForHead, body.readableBytes > 0 {
            if body.readerIndex >= Self.head.readableBytes {
                // Who made the body left room before it.
                let start = body.readerIndex - Self.head.readableBytes
                body.setBuffer(Self.head, at: start)
                body.moveReaderIndex(to: start)
                write(body)
            } else {
                write(Self.head)
                write(body)
            }
        } else {
            write(Self.head)
        }
        endAnswer()
        return true
    }

    /// Likewise; what PostgreSQL built is copied once, from where libpq put it to behind the head.
    func send(_ status: Status, _ fields: AnswerFields, _ body: EngineResponse, of exchange: Exchange) -> Bool {
        guard mayWrite(exchange) else { return false }
        let length = body.byteCount
        writeHead(status, fields, .length(length), exchange)
        Self.head.reserveCapacity(minimumWritableBytes: length)
        body.forEachPiece { Self.head.writeBytes($0) }
        write(Self.head)
        endAnswer()
        // What waits to go out keeps its room, however much of it is used.
        if Self.head.capacity > (socket.unsentBytes > 0 ? length : Self.roomKept) { Self.head = ByteBuffer() }
        return true
    }

    func begin(_ status: Status, _ fields: AnswerFields, of exchange: Exchange) -> Bool {
        guard mayWrite(exchange) else { return false }
        writeHead(status, fields, exchange.isHTTP10 ? .untilClose : .chunked, exchange)
        write(Self.head)
        flushSoon()
        return true
    }

    func write(_ piece: ByteBuffer, of exchange: Exchange) -> Bool {
        guard mayWrite(exchange) else { return false }
        guard piece.readableBytes > 0 else { return true }
        defer { flushSoon() }
        if exchange.isHTTP10 {
            write(piece)
            return true
        }
        write(Framing.chunk(piece))
        return true
    }

    func finish(_ exchange: Exchange) -> Bool {
        guard mayWrite(exchange) else { return false }
        if !exchange.isHTTP10 { write(Framing.lastChunk) }
        endAnswer()
        return true
    }

    private func mayWrite(_ exchange: Exchange) -> Bool {
        current?.exchange === exchange && !state.isClosing && socket.isOpen
    }

    func writeHead(_ status: Status, _ fields: AnswerFields, _ framing: Framing, _ exchange: Exchange) {
        let asked = fields[.connection]
        var mustClose = asked.map { $0.lowercased() == "close" } ?? false
        if case .untilClose = framing { mustClose = true }
        let closes = state.beginAnswer(closes: mustClose)
        Self.head.clear()
        Self.head.writeHead(status, fields, framing)
        // RFC 9112, section 9.6: who closes says that it will.
        if closes, asked == nil { Self.head.writeStaticString("Connection: close\r\n") }
        if !closes, exchange.isHTTP10 { Self.head.writeStaticString("Connection: keep-alive\r\n") }
        Self.head.writeStaticString("\r\n")
    }

    private func endAnswer() {
        current?.isAnswered = true
        current?.exchange.dropBody()
        switch state.endAnswer() {
        case .goOn: if !isReading { flush() }
        case .closeSoon(let afterBody):
            flush()
            closeSoon(afterBody: afterBody)
        }
    }

    func write(_ bytes: ByteBuffer) {
        mustFlush = true
        socket.write(bytes)
    }

    /// What is written in one turn goes out together.
    private func flushSoon() {
        if isReading || isFlushDue { return }
        isFlushDue = true
        Reactor.shared.submit { [self] in
            isFlushDue = false
            flushIfDue()
        }
    }

    func flushIfDue() {
        if mustFlush { flush() }
    }

    func flush() {
        mustFlush = false
        socket.flush()
    }

    func writabilityChanged() {
        state.isStalled = !socket.isWritable
        if socket.isWritable {
            deadlines.write.cancel()
            current?.exchange.goOn(true)
            advance()
        } else {
            deadlines.write.start(after: settings.timeouts.stalledWrite) { [socket] in socket.close() }
            // What fills the buffer must go out, or nothing ever empties it.
            flush()
        }
    }
}
