import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Stands between a world and its PostgreSQL, and takes the answer to one COMMIT away, with the connection: what was committed
/// stands, and who committed it does not know.
final class CommitCutter: Sendable {
    /// What stands before the COMMIT that is not answered.
    private let wanted = Mutex<[UInt8]?>(nil)
    private let taken = Atomic(0)
    private let listener = Mutex<(any Channel)?>(nil)

    /// Answers that were taken away.
    var cuts: Int { taken.load(ordering: .relaxed) }

    /// The next COMMIT behind `statement`, which its connection prepares for it, is not answered.
    func arm(for statement: String) {
        wanted.withLock { $0 = Array(statement.utf8) }
    }

    /// Listens, and passes on to the server that `conninfo` names.
    /// - Returns: how to reach the same database through here.
    func start(before conninfo: String) async throws -> String {
        var fields: [String: String] = [:]
        for field in conninfo.split(separator: " ") {
            let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        let (folder, port) = (fields["host"] ?? "", fields["port"] ?? "")
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [self] client in
                ClientBootstrap(group: client.eventLoop)
                    .connect(unixDomainSocketPath: "\(folder)/.s.PGSQL.\(port)")
                    .flatMapThrowing { [self] server in
                        let cut = Cut(client: client, server: server)
                        try client.pipeline.syncOperations.addHandler(
                            Passage(to: server) { bytes in
                                if self.commits(bytes, on: cut) { cut.isNext = true }
                                return true
                            })
                        try server.pipeline.syncOperations.addHandler(
                            Passage(to: client) { _ in
                                guard cut.isNext else { return true }
                                self.taken.add(1, ordering: .relaxed)
                                cut.close()
                                return false
                            })
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        listener.withLock { $0 = channel }
        let others = fields.filter { $0.key != "host" && $0.key != "port" }.map { "\($0.key)=\($0.value)" }
        return (["host=127.0.0.1 port=\(channel.localAddress?.port ?? 0) sslmode=disable"] + others)
            .joined(separator: " ")
    }

    func stop() async throws {
        try await listener.withLock { $0 }?.close().get()
    }

    private func commits(_ bytes: ByteBuffer, on cut: Cut) -> Bool {
        wanted.withLock { wanted in
            guard let statement = wanted else { return false }
            // Both may come in several pieces.
            cut.asked += bytes.readableBytesView
            guard let place = cut.asked.firstRange(of: statement),
                cut.asked[place.upperBound...].firstRange(of: Array("COMMIT\0".utf8)) != nil
            else { return false }
            wanted = nil
            return true
        }
    }

    /// Of one connection, on its event loop.
    private final class Cut {
        var isNext = false
        var asked: [UInt8] = []
        private let (client, server): (any Channel, any Channel)

        init(client: any Channel, server: any Channel) {
            (self.client, self.server) = (client, server)
        }

        func close() {
            client.close(promise: nil)
            server.close(promise: nil)
        }
    }

    private final class Passage: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private let passes: (ByteBuffer) -> Bool

        init(to other: any Channel, passes: @escaping (ByteBuffer) -> Bool) {
            (self.other, self.passes) = (other, passes)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            if passes(bytes) { other.writeAndFlush(bytes, promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }
    }
}
