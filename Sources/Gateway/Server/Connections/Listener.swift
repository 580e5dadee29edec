import NIOCore
import NIOHTTP1
import NIOPosix

/// Listens, and makes a `Connection` of everyone who comes.
struct Listener: Sendable {
    let configuration: ServerConfiguration
    let settings: Connection.Settings

    /// - Throws: `IOError` or `SocketAddressError` when it cannot listen.
    func listen() async throws -> any Channel {
        let settings = settings
        // The parser's own limits are only a wall behind ours: what passes it is answered by what it is.
        let wall = max(settings.limits.headers, settings.limits.target) + 65_536
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = wall
        limits.maxHeaderListSize = 2 * wall
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [limits] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let parser = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
                    try pipeline.addHandler(ByteToMessageHandler(parser))
                    try pipeline.addHandler(Connection(settings, channel))
                }
            }
            .bind(host: configuration.host, port: configuration.port).get()
    }
}
