import Curl
import TestServer
import Testing

/// Against a server that speaks just enough HTTP/2 (RFC 9113) in the clear.
@Suite struct HTTP2Tests {
    enum Reaction: Sendable {
        /// RST_STREAM with this error code.
        case reset(UInt8)
        /// `:status: 200`, no body.
        case answer
    }

    static let refused: UInt8 = 7
    static let internalError: UInt8 = 2

    /// Speaks to one connection, reacting to each new stream by the next of `reactions`.
    static func serve(_ connection: RawConnection, _ reactions: [Reaction]) {
        var left = reactions[...]
        var bytes: [UInt8] = []
        func need(_ count: Int) -> [UInt8]? {
            while bytes.count < count {
                guard let more = connection.read() else { return nil }
                bytes += more
            }
            defer { bytes.removeFirst(count) }
            return Array(bytes[..<count])
        }
        guard need(24) != nil else { return }
        connection.write([0, 0, 0, 4, 0, 0, 0, 0, 0])
        while let head = need(9), let payload = need(Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])) {
            let stream = Array(head[5...])
            switch head[3] {
            case 4 where head[4] == 0: connection.write([0, 0, 0, 4, 1, 0, 0, 0, 0])
            case 0...1 where head[4] & 1 == 1:
                // The end of a request, by its headers or its data.
                switch left.popFirst() {
                case .reset(let code): connection.write([0, 0, 4, 3, 0] + stream + [0, 0, 0, code])
                case .answer: connection.write([0, 0, 1, 1, 5] + stream + [0x88])
                case nil: return
                }
            default: _ = payload
            }
        }
    }

    static var configuration: TransportConfiguration {
        var configuration = TransportConfiguration()
        configuration.httpVersion = .http2PriorKnowledge
        return configuration
    }

    @Test func `a POST is answered over HTTP/2`() async throws {
        try await withServer(Self.configuration, { Self.serve($0, [.answer]) }) { transport, server in
            for _ in 0..<2 {
                let answer = try await transport.send(post(server.url))
                #expect(answer.status == 200)
            }
            #expect(server.connectionCount == 2)
        }
    }

    @Test func `a refused stream counts as not sent, and is not sent again by itself`() async throws {
        try await withServer(Self.configuration, { Self.serve($0, [.reset(Self.refused)]) }) { transport, server in
            let error = await failure(of: post(server.url), transport)
            #expect(error?.kind == .streamRefused)
            #expect(error?.delivery == .notSent)
        }
    }

    @Test func `a stream that the server gave up after reading may have been sent`() async throws {
        try await withServer(Self.configuration, { Self.serve($0, [.reset(Self.internalError)]) }) {
            transport, server in
            #expect(await failure(of: post(server.url), transport)?.delivery == .mayHaveBeenSent)
        }
    }

    @Test func `a connection that dies with a request on it may have delivered that`() async throws {
        try await withServer(Self.configuration, { Self.serve($0, []) }) { transport, server in
            let error = await failure(of: post(server.url), transport)
            #expect(error?.kind == .connectionLost)
            #expect(error?.delivery == .mayHaveBeenSent)
        }
    }

    @Test func `a GET whose stream was refused is repeated`() async throws {
        try await withServer(
            Self.configuration,
            { Self.serve($0, $0.number == 0 ? [.reset(Self.refused)] : [.answer]) }
        ) { transport, server in
            let answer = try await transport.send(HTTPRequest(.get, server.url))
            #expect(answer.status == 200)
            #expect(server.connectionCount == 2)
        }
    }
}
