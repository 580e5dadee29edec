import NIOCore
import NIOPosix

/// A client that speaks bytes, so that tests can send what no HTTP library would.
///
/// `@unchecked`: a test uses one from one task at a time.
final class RawConnection: @unchecked Sendable {
    struct Response {
        var status: Int
        /// Names in lower case.
        var headers: [(name: String, value: String)]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    struct Closed: Error {}

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let channel: any Channel
    private var buffer: [UInt8] = []

    private init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ channel: any Channel
    ) {
        self.inbound = inbound
        self.outbound = outbound
        self.channel = channel
    }

    /// Opens a connection, and closes it when the body is through.
    static func with<Value: Sendable>(
        port: Int, _ body: @Sendable (RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawConnection(inbound.makeAsyncIterator(), outbound, channel.channel))
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Sends, and waits until this machine's kernel has all of it. `send` waits for nothing: what it is given stays in
    /// memory here for as long as nobody takes it.
    func sendThrough(_ text: String) async throws {
        try await withTaskCancellationHandler {
            try await channel.writeAndFlush(ByteBuffer(string: text))
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    func close() async throws {
        try await channel.close()
    }

    /// Whether the server has ended the connection, once it has nothing more to say.
    func isAtEnd() async -> Bool {
        while buffer.isEmpty {
            guard (try? await readMore()) == true else { return true }
        }
        return false
    }

    /// What has come and was not looked at yet.
    func takeAll() -> [UInt8] {
        defer { buffer = [] }
        return buffer
    }

    func response(toHead: Bool = false) async throws -> Response {
        var response = try await head()
        if toHead || response.status == 204 || response.status < 200 { return response }
        if response["transfer-encoding"] == "chunked" {
            while let chunk = try await chunk() { response.body += chunk }
        } else {
            let length = response["content-length"].flatMap(Int.init) ?? 0
            while buffer.count < length {
                guard try await readMore() else { throw Closed() }
            }
            response.body = Array(buffer.prefix(length))
            buffer.removeFirst(length)
        }
        return response
    }

    func head() async throws -> Response {
        let lines = try await bytes(upTo: "\r\n\r\n").split(separator: "\r\n")
        guard let first = lines.first, let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw Closed() }
        let headers = lines.dropFirst().map { line in
            let halves = line.split(separator: ":", maxSplits: 1)
            return (
                name: halves[0].lowercased(), value: halves.count > 1 ? String(halves[1].drop { $0 == " " }) : ""
            )
        }
        return Response(status: status, headers: headers, body: [])
    }

    /// One chunk of a chunked body; `nil` at its end.
    func chunk() async throws -> [UInt8]? {
        guard let length = Int(try await bytes(upTo: "\r\n"), radix: 16) else { throw Closed() }
        while buffer.count < length + 2 {
            guard try await readMore() else { throw Closed() }
        }
        let chunk = Array(buffer.prefix(length))
        buffer.removeFirst(length + 2)
        return length == 0 ? nil : chunk
    }

    /// The next chunk as text: this server writes one event in each.
    func event() async throws -> String? {
        try await chunk().map { String(decoding: $0, as: UTF8.self) }
    }

    private func bytes(upTo mark: String) async throws -> String {
        let mark = Array(mark.utf8)
        while true {
            if buffer.count >= mark.count {
                for start in 0...(buffer.count - mark.count)
                where buffer[start..<start + mark.count].elementsEqual(mark) {
                    let text = String(decoding: buffer[..<start], as: UTF8.self)
                    buffer.removeFirst(start + mark.count)
                    return text
                }
            }
            guard try await readMore() else { throw Closed() }
        }
    }

    private func readMore() async throws -> Bool {
        guard let bytes = try await inbound.next() else { return false }
        buffer.append(contentsOf: bytes.readableBytesView)
        return true
    }
}
