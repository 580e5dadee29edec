import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Stands between the parser and the requests of one connection. It turns away what is too large, too slow or too many
/// before a request is made of it, and lets a refused client hear why before the connection closes.
///
/// Owned by the channel's event loop, as all channel handlers are.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ServerLimits
    private let timeouts: ServerTimeouts
    private let count: ConnectionCount
    private let presence: ClientPresence
    private var state = ConnectionGuardState()
    /// The head was read just now, and its body may still be on its way.
    private var awaitsBody = false
    private var bodyDeadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?
    private var isCounted = false

    init(limits: ServerLimits, timeouts: ServerTimeouts, count: ConnectionCount, presence: ClientPresence) {
        self.limits = limits
        self.timeouts = timeouts
        self.count = count
        self.presence = presence
    }

    func handlerAdded(context: ChannelHandlerContext) {
        isCounted = true
        if !count.enter() { state.isTurnedAway = true }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        bodyDeadline?.cancel()
        writeDeadline?.cancel()
        if isCounted {
            isCounted = false
            count.leave()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        let action: ConnectionGuardState.ReadAction =
            switch part {
            case .head(let head): state.readHead(head, limits: limits)
            case .body(let bytes): state.readBody(bytes.readableBytes, limits: limits)
            case .end: state.readEnd()
            }
        if !state.isReadingBody, !state.isClosing {
            awaitsBody = false
            cancelBodyDeadline()
        }
        switch action {
        case .forward(let startsBody):
            if startsBody { awaitsBody = true }
            context.fireChannelRead(data)
        case .forwardAskingForBody:
            awaitsBody = true
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            context.fireChannelRead(data)
        case .discard:
            // Closing the output a second time does nothing.
            if !state.isReadingBody { closeOutput(context) }
        case .refuse(let refusal): refuse(refusal, context)
        case .close: context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        presence.leave()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that closes looks like one that closes its half only; nobody of either kind is known to wait for an
        // answer, and other servers take it as the end, too.
        if event as? ChannelEvent == .inputClosed { presence.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most bodies come along with their head, and need no deadline.
        if awaitsBody {
            awaitsBody = false
            if !state.isClosing { startBodyDeadline(context) }
        }
        context.fireChannelReadComplete()
        // Nobody behind this handler asks for more, and the client must be read out before it looks at the answer.
        if state.isClosing { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if state.isClosing {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let part = unwrapOutboundIn(data)
        let closes =
            switch part {
            case .head(let head): state.writeHead(head)
            case .body: false
            case .end: state.writeEnd()
            }
        guard closes else {
            context.write(data, promise: promise)
            return
        }
        context.writeAndFlush(data, promise: promise)
        closeSoon(context, afterBody: state.isReadingBody)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeDeadline?.cancel()
        writeDeadline = nil
        if !context.channel.isWritable {
            writeDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: .init(timeouts.stalledWrite)) {
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // With a request under way the error belongs to its body, and who reads that hears it.
        guard error is HTTPParserError, !state.isAnswering else {
            if !state.isClosing { context.fireErrorCaught(error) }
            return
        }
        if state.isClosing { return }
        refuse(error as? HTTPParserError == .headerOverflow ? .headersTooLarge : .malformed, context)
    }

    private func startBodyDeadline(_ context: ChannelHandlerContext) {
        cancelBodyDeadline()
        bodyDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: .init(timeouts.body)) { [self] in
            bodyDeadline = nil
            if state.mayRefuseSlowBody { refuse(.tooSlow, context) } else { context.close(promise: nil) }
        }
    }

    private func cancelBodyDeadline() {
        bodyDeadline?.cancel()
        bodyDeadline = nil
    }

    private func refuse(_ refusal: ConnectionRefusal, _ context: ChannelHandlerContext) {
        let refusal = refusal.refusal
        let body = refusal.json
        var head = HTTPResponse(status: refusal.status, headerFields: refusal.headers)
        head.headerFields[.contentType] = ResponseMediaType.json.contentType
        head.headerFields[.contentLength] = String(body.readableBytes)
        head.headerFields[.connection] = "close"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        closeSoon(context, afterBody: false)
    }

    /// Ends the connection so that the client hears the answer: closing a socket with unread bytes resets it, and a
    /// reset can overtake what was written. So what still comes is read and thrown away for a moment. A client that is
    /// in the midst of its body may not look before it has sent it, and hears nothing of an end until then.
    private func closeSoon(_ context: ChannelHandlerContext, afterBody: Bool) {
        state.isClosing = true
        cancelBodyDeadline()
        if !afterBody { closeOutput(context) }
        context.read()
        let patience = afterBody ? timeouts.body : .seconds(5)
        bodyDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: .init(patience)) {
            context.close(promise: nil)
        }
    }

    private func closeOutput(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
    }
}
