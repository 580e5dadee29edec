import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// HTTP/1.1 whose requests can hear that their client has gone.
struct WatchedConnection: ServerChildChannel {
    typealias Respond =
        @Sendable (Request, consuming ResponseWriter, ClientPresence) async throws -> Void

    /// One connection.
    struct Value: ServerChildChannelValue {
        let parts: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
        let presence: ClientPresence

        var channel: any Channel { parts.channel }
    }

    let limits: ServerLimits
    let timeouts: ServerTimeouts
    let count: ConnectionCount
    let respond: Respond

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let presence = ClientPresence(
            address: channel.remoteAddress?.ipAddress ?? "", executor: EventLoopExecutor(channel.eventLoop))
        let (limits, timeouts, count) = (limits, timeouts, count)
        // The parser's own limits are only a wall behind ours: what passes it is answered by what it is.
        let wall = max(limits.headers, limits.target) + 65_536
        let http = HTTP1Channel(
            responder: { _, _, _ in },
            configuration: .init(
                additionalChannelHandlers: [
                    ConnectionGuard(limits: limits, timeouts: timeouts, count: count, presence: presence)
                ],
                idleTimeout: .init(timeouts.idle),
                httpDecoderConfiguration: .init(maxHeaderFieldSize: wall, maxHeaderListSize: 2 * wall)))
        return http.setup(channel: channel, logger: logger).map { Value(parts: $0, presence: presence) }
    }

    func handle(value: Value, logger: Logger) async {
        let (respond, presence) = (respond, value.presence)
        let channel = HTTP1Channel { request, writer, _ in
            try await respond(request, writer, presence)
        }
        await withTaskExecutorPreference(presence.executor) {
            await channel.handle(value: value.parts, logger: logger)
        }
    }
}
