import NIOCore
import NIOHTTP1

/// One connection, between NIO's HTTP/1.1 parser and the rooms. It makes requests of the parser's parts, has them answered
/// one after the other, writes the answers, and turns away what is too large, too slow or too many.
///
/// What happens in which order is `ConnectionState`'s; this carries it out. Owned by the channel's event loop, as all
/// channel handlers are.
final class Connection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// Answers one request; it is over when this returns. An answer that is not finished then ends the connection.
    typealias Respond = @Sendable (Request, ClientPresence) async -> Void

    /// What all connections have in common.
    struct Settings: Sendable {
        let limits: ServerLimits
        let timeouts: ServerTimeouts
        let connections: OpenConnections
        let respond: Respond
    }

    /// How much of what a client sends may wait here before no more is read, in bytes.
    private static let watermark = 65_536

    private let settings: Settings
    private let presence: ClientPresence
    private let executor: EventLoopExecutor
    private var context: ChannelHandlerContext?
    private var channel: (any Channel)?
    private var state: ConnectionState
    private var current: Running?
    private var deadlines = ConnectionDeadlines()
    /// The parser is in the midst of what was read; what is written goes out when it is through.
    private var isReading = false
    private var isAdvancing = false
    private var mustFlush = false
    private var isFlushDue = false
    /// The channel would read on, and waits until there is room.
    private var isReadHeld = false
    /// For the heads of answers, one after the other.
    private var head = ByteBuffer()

    /// The request whose turn it is.
    private struct Running {
        let request: Request
        var exchange: Exchange { request.exchange }
        var task: Task<Void, Never>?
        var isStarted = false
        var isOver = false
        var isAnswered = false
    }

    init(_ settings: Settings, _ channel: any Channel) {
        self.settings = settings
        presence = ClientPresence(address: channel.remoteAddress?.ipAddress ?? "")
        executor = EventLoopExecutor(channel.eventLoop)
        state = ConnectionState(limits: settings.limits)
    }

    // MARK: The channel's beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        channel = context.channel
        let entry = settings.connections.enter(context.channel)
        state.isTurnedAway = !entry.isWithinLimit
        state.isDraining = entry.isDraining
        deadlines.noteActivity()
        awaitRequest(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadlines.cancel()
        state.close()
        settings.connections.close()
        self.context = nil
        // What a request has begun with others may have to come to its end without a client.
        if current.map({ $0.isOver || !$0.isStarted }) ?? true { end() }
    }

    private func end() {
        current = nil
        if let channel { settings.connections.end(channel) }
        channel = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        if state.isDraining { context.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        presence.leave()
        current?.exchange.breakOff()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            // A client that closes looks like one that closes its half only; nobody of either kind is known to wait for
            // an answer, and other servers take it as the end, too.
            state.hasInputEnded = true
            presence.leave()
            closeIfThrough()
        case OpenConnections.Signal.drain:
            state.isDraining = true
            guard state.isIdle, !state.isClosing else { break }
            // An answer may still be on its way out.
            let unsent = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
            if unsent == 0 { context.close(promise: nil) } else { closeSoon(context, afterBody: false) }
        case OpenConnections.Signal.cut:
            current?.task?.cancel()
            context.close(promise: nil)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        read(.malformed(error == .headerOverflow ? .headersTooLarge : .malformed))
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        deadlines.noteActivity()
        switch unwrapInboundIn(data) {
        case .head(let head): read(.head(RequestHead(head)))
        case .body(let bytes): read(.body(bytes))
        case .end: read(.end)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        // Most bodies come along with their head; whose does not is answered as far as it can be without.
        startRequest()
        flushIfDue()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        let held = state.waitingBytes + (current?.exchange.waitingBytes ?? 0)
        if held > Self.watermark, !state.isClosing {
            isReadHeld = true
        } else {
            isReadHeld = false
            context.read()
        }
    }

    /// Reads on, if it was held and there is room now.
    func readOn() {
        if isReadHeld, let context { read(context: context) }
    }

    private func read(_ part: ConnectionState.Part) {
        if let action = state.read(part) { perform(action) }
        advance()
    }

    /// Does what is next in line, until somebody has to be waited for.
    private func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        while let action = state.next() { perform(action) }
        isAdvancing = false
        if !isReading { startRequest() }
        readOn()
        closeIfThrough()
    }

    /// Nothing more comes, and everything is answered: once that has gone out, the connection is over.
    private func closeIfThrough() {
        guard state.isIdle, state.hasInputEnded, !state.isClosing, let context else { return }
        flush(context)
        context.close(mode: .output, promise: nil)
    }

    private func perform(_ action: ConnectionState.Action) {
        guard let context else { return }
        switch action {
        case .begin(let head, let asksForBody):
            let exchange = Exchange(head.line, self, context.eventLoop)
            current = Running(request: Request(head, exchange))
            if asksForBody {
                var answer = ByteBuffer()
                answer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
                write(answer, context)
                if !isReading { flush(context) }
            }
        case .body(let bytes): current?.exchange.receive(bytes)
        case .bodyEnded:
            deadlines.body.cancel()
            current?.exchange.endBody()
            startRequest()
            if !state.isAnswering { current = nil }
        case .refuse(let refusal): refuse(refusal, context)
        case .closeOutput: context.close(mode: .output, promise: nil)
        case .close: context.close(promise: nil)
        }
    }

    // MARK: Requests

    private func startRequest() {
        guard let running = current, !running.isStarted, let context else { return }
        current?.isStarted = true
        if state.isReadingBody {
            deadlines.body.start(context, after: settings.timeouts.body) { [self] in
                if state.mayRefuse { refuse(.tooSlow, context) } else { context.close(promise: nil) }
            }
        }
        let (request, presence, respond) = (running.request, presence, settings.respond)
        // It goes on here and now, until it first waits for anything. No group holds it: `OpenConnections` knows the
        // connection for as long as it lasts.
        let task = Task.immediate(executorPreference: executor) {
            await respond(request, presence)
            request.exchange.isOver()
        }
        if current?.exchange === request.exchange, current?.isOver == false {
            current?.task = task
            presence.follow(task)
        }
    }

    func requestIsOver(_ exchange: Exchange) {
        guard current?.exchange === exchange else { return }
        current?.isOver = true
        presence.follow(nil)
        guard let context else { return end() }
        guard !state.isClosing else { return }
        guard current?.isAnswered == true else { return context.close(promise: nil) }
        endRequest(context)
    }

    private func endRequest(_ context: ChannelHandlerContext) {
        state.endRequest()
        if !state.isAnswering { current = nil }
        deadlines.noteActivity()
        advance()
    }

    // MARK: Out

    /// Whether a writer may go on before the client has read more.
    var hasRoom: Bool { context?.channel.isWritable ?? true }

    func send(_ status: Status, _ fields: AnswerFields, _ body: ByteBuffer, of exchange: Exchange) -> Bool {
        guard let context = writing(exchange) else { return false }
        let length = status == .noContent ? nil : body.readableBytes
        writeHead(status, fields, .length(length), exchange)
        var body = body
        if !exchange.isForHead, body.readableBytes > 0 {
            if body.readerIndex >= head.readableBytes {
                // Who made the body left room before it.
                let start = body.readerIndex - head.readableBytes
                body.setBuffer(head, at: start)
                body.moveReaderIndex(to: start)
                write(body, context)
            } else {
                write(head, context)
                write(body, context)
            }
        } else {
            write(head, context)
        }
        endAnswer(context)
        return true
    }

    func begin(_ status: Status, _ fields: AnswerFields, of exchange: Exchange) -> Bool {
        guard let context = writing(exchange) else { return false }
        writeHead(status, fields, exchange.isHTTP10 ? .untilClose : .chunked, exchange)
        write(head, context)
        flushSoon(context)
        return true
    }

    func write(_ piece: ByteBuffer, of exchange: Exchange) -> Bool {
        guard let context = writing(exchange) else { return false }
        guard piece.readableBytes > 0 else { return true }
        defer { flushSoon(context) }
        if exchange.isHTTP10 {
            write(piece, context)
            return true
        }
        write(Framing.chunk(piece), context)
        return true
    }

    func finish(_ exchange: Exchange) -> Bool {
        guard let context = writing(exchange) else { return false }
        if !exchange.isHTTP10 { write(Framing.lastChunk, context) }
        endAnswer(context)
        return true
    }

    /// The channel, where an answer may be written to it.
    private func writing(_ exchange: Exchange) -> ChannelHandlerContext? {
        guard let context, current?.exchange === exchange, !state.isClosing, context.channel.isActive else {
            return nil
        }
        return context
    }

    private func writeHead(_ status: Status, _ fields: AnswerFields, _ framing: Framing, _ exchange: Exchange) {
        let asked = fields[.connection]
        var mustClose = asked.map { $0.lowercased() == "close" } ?? false
        if case .untilClose = framing { mustClose = true }
        let closes = state.beginAnswer(closes: mustClose)
        head.clear()
        head.writeHead(status, fields, framing)
        // RFC 9112, section 9.6: who closes says that it will.
        if closes, asked == nil { head.writeStaticString("Connection: close\r\n") }
        if !closes, exchange.isHTTP10 { head.writeStaticString("Connection: keep-alive\r\n") }
        head.writeStaticString("\r\n")
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        current?.isAnswered = true
        current?.exchange.dropBody()
        switch state.endAnswer() {
        case .goOn: if !isReading { flush(context) }
        case .closeSoon(let afterBody):
            flush(context)
            closeSoon(context, afterBody: afterBody)
        }
    }

    private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(bytes), promise: nil)
        mustFlush = true
    }

    /// What is written in one turn of the loop goes out together.
    private func flushSoon(_ context: ChannelHandlerContext) {
        if isReading || isFlushDue { return }
        isFlushDue = true
        context.eventLoop.assumeIsolated().execute { [self] in
            isFlushDue = false
            flushIfDue()
        }
    }

    private func flushIfDue() {
        if mustFlush, let context { flush(context) }
    }

    private func flush(_ context: ChannelHandlerContext) {
        mustFlush = false
        context.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        state.isStalled = !isWritable
        if isWritable {
            deadlines.write.cancel()
            current?.exchange.goOn(true)
            advance()
        } else {
            deadlines.write.start(context, after: settings.timeouts.stalledWrite) { context.close(promise: nil) }
            // What fills the buffer must go out, or nothing ever empties it.
            flush(context)
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: The end

    private func refuse(_ refusal: ConnectionRefusal, _ context: ChannelHandlerContext) {
        let refusal = refusal.refusal
        let body = refusal.json
        head.clear()
        head.writeStaticString(refusal.status.line)
        var fields = refusal.headers
        fields[.contentType] = ResponseMediaType.json.contentType
        fields[.contentLength] = String(body.readableBytes)
        fields[.connection] = "close"
        fields.write(to: &head)
        head.writeStaticString("\r\n")
        context.write(wrapOutboundOut(head), promise: nil)
        context.write(wrapOutboundOut(body), promise: nil)
        flush(context)
        let running = current
        closeSoon(context, afterBody: false)
        running?.exchange.breakOff()
    }

    /// Ends the connection so that the client hears the answer: closing a socket with unread bytes resets it, and a
    /// reset can overtake what was written. So what still comes is read and thrown away for a moment. A client that is
    /// in the midst of its body may not look before it has sent it, and hears nothing of an end until then.
    private func closeSoon(_ context: ChannelHandlerContext, afterBody: Bool) {
        state.close()
        if afterBody {
            deadlines.body.start(context, after: settings.timeouts.body) { context.close(promise: nil) }
        } else {
            // First everything must go out; only then the client is given a moment to hang up.
            deadlines.body.start(context, after: settings.timeouts.stalledWrite) { context.close(promise: nil) }
            let isOut = context.eventLoop.makePromise(of: Void.self)
            isOut.futureResult.assumeIsolated().whenSuccess { [self] in
                guard self.context != nil else { return }
                deadlines.body.start(context, after: .seconds(5)) { context.close(promise: nil) }
            }
            context.close(mode: .output, promise: isOut)
        }
        readOn()
    }

    /// Between requests, and while one is on its way in.
    private func awaitRequest(_ context: ChannelHandlerContext) {
        deadlines.startIdle(context, after: settings.timeouts.idle) { [self] in
            state.isAnswering && !state.isReadingBody || state.isClosing
        } onIdle: {
            context.close(promise: nil)
        }
    }
}
