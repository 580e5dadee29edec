import NIOCore
import NIOEmbedded
import NIOHTTP1

/// NIO's HTTP/1.1 parser (llhttp): bytes in, parts of requests out. It is a channel handler, so it has a channel that leads
/// nowhere. On the reactor's own thread, from its making to its end.
final class RequestParser {
    enum Event {
        case head(HTTPRequestHead)
        case body(ByteBuffer)
        case end
        /// No request comes after this.
        case malformed(ConnectionRefusal)
        /// More came after that.
        case unreadable
        /// The client sends no more.
        case inputEnded

        var isPart: Bool {
            switch self {
            case .head, .body, .end: true
            case .malformed, .unreadable, .inputEnded: false
            }
        }
    }

    private let channel: EmbeddedChannel

    /// - Parameters:
    ///   - wall: the most bytes of a field, behind which other limits stand; of all fields twice as many.
    ///   - sink: called during `read` and `endInput`, in order.
    init(wall: Int, sink: @escaping (Event) -> Void) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = wall
        limits.maxHeaderListSize = 2 * wall
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        channel = EmbeddedChannel()
        // The decoder holds back what comes behind CONNECT and after a client has asked for another protocol.
        let handler = ByteToMessageHandler(decoder, maximumBufferSize: 2 * wall)
        try channel.pipeline.syncOperations.addHandlers(handler, Sink(sink))
    }

    func read(_ bytes: ByteBuffer) {
        channel.pipeline.syncOperations.fireChannelRead(NIOAny(bytes))
        channel.pipeline.syncOperations.fireChannelReadComplete()
    }

    func endInput() {
        channel.pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    /// It is not used again.
    func close() {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    private final class Sink: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart

        private let tell: (Event) -> Void

        init(_ tell: @escaping (Event) -> Void) {
            self.tell = tell
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): tell(.head(head))
            case .body(let bytes): tell(.body(bytes))
            case .end: tell(.end)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            guard let error = error as? HTTPParserError else { return tell(.unreadable) }
            tell(.malformed(error == .headerOverflow ? .headersTooLarge : .malformed))
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event as? ChannelEvent == .inputClosed { tell(.inputEnded) }
        }
    }
}
