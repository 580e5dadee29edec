import Curl
import TestServer
import Testing

@Suite struct DuplicatePostTests {
    /// Answers the first request of each connection, and resets the connection once it has read the second one whole:
    /// to the client, a reused connection that died before the first byte of the answer.
    static let killsReusedConnections: RawServer.Script = { connection in
        guard connection.readRequest() != nil else { return }
        connection.answer(200, "first")
        if connection.readRequest() != nil { connection.reset() }
    }

    /// How often the server got each body.
    static func counts(_ server: RawServer) -> [String: Int] {
        server.received.reduce(into: [:]) { $0[$1.bodyText, default: 0] += 1 }
    }

    @Test func `each POST reaches a server that kills reused connections at most once`() async throws {
        try await withServer(Self.killsReusedConnections) { transport, server in
            var lost = 0
            for number in 0..<40 {
                guard let error = await failure(of: post(server.url, "n=\(number)"), transport) else { continue }
                #expect(error.kind == .secondSendPrevented)
                #expect(error.delivery == .mayHaveBeenSent)
                lost += 1
            }
            #expect(lost > 0, "no connection was reused, so nothing was tested")
            let counts = Self.counts(server)
            #expect(counts.count == 40)
            #expect(counts.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func `many POSTs at once, too`() async throws {
        try await withServer(Self.killsReusedConnections) { transport, server in
            for round in 0..<5 {
                await withTaskGroup { group in
                    for number in 0..<20 {
                        let request = post(server.url, "n=\(round).\(number)", pool: "account\(number % 3)")
                        group.addTask { _ = await failure(of: request, transport) }
                    }
                }
            }
            let counts = Self.counts(server)
            #expect(counts.count == 100)
            #expect(counts.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func `negative control: with the guard off, libcurl sends a POST twice`() async throws {
        var configuration = TransportConfiguration()
        configuration.dangerouslyLetsRequestsRepeat = true
        try await withServer(configuration, Self.killsReusedConnections) { transport, server in
            for number in 0..<2 { #expect(await failure(of: post(server.url, "n=\(number)"), transport) == nil) }
            #expect(Self.counts(server)["n=1"] == 2)
        }
    }

    @Test func `a GET may be repeated, and is`() async throws {
        try await withServer(Self.killsReusedConnections) { transport, server in
            for _ in 0..<2 { #expect(await failure(of: HTTPRequest(.get, server.url), transport) == nil) }
            #expect(server.received.count == 3)
        }
    }

    @Test(arguments: [HTTPRequest.Method.post, .patch])
    func `a request that the server read and never answered may have been sent`(method: HTTPRequest.Method)
        async throws
    {
        try await withServer({ connection in
            if connection.readRequest() != nil { connection.reset() }
        }) { transport, server in
            let error = await failure(of: HTTPRequest(method, server.url, body: [1]), transport)
            #expect(error?.kind == .connectionLost)
            #expect(error?.delivery == .mayHaveBeenSent)
            #expect(server.received.count == 1)
        }
    }
}
