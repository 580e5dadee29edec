import Server
import Testing

@Suite("Where a request ends", .timeLimit(.minutes(2)))
struct FramingTests {
    private static let quick = request(body: body("{ __typename }"))
    private static let chunked = ["Transfer-Encoding": "chunked", "Content-Length": ""]

    @Test(
        arguments: [
            request(body: "5\r\n{}{}{\r\n0\r\n\r\n", ["Transfer-Encoding": "chunked"]),
            "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n{}{}{",
            "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n{}{}{",
            "POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
        ])
    func `what can be read in two ways is refused, and nothing behind it is answered`(_ text: String) async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(text + Self.quick)
                #expect(try await connection.response().status == 400)
                #expect(await connection.isAtEnd())
            }
            #expect(server.executor.asked.isEmpty)
        }
    }

    @Test func `a chunked body that is none is refused`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(request(body: "", Self.chunked) + "2\r\n{}\r\nnonsense\r\n\r\n")
                #expect(try await connection.response().status == 400)
                #expect(await connection.isAtEnd())
            }
        }
    }

    @Test func `chunks are one body`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                let chunks = body("{ __typename }").map { "1\r\n\($0)\r\n" }.joined()
                try await connection.send(request(body: "", Self.chunked) + chunks + "0\r\n\r\n" + Self.quick)
                for _ in 0..<2 { #expect(try await connection.response().text.contains("Query")) }
            }
        }
    }

    @Test func `a refused body that still comes is no request, and the one behind it is`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                let smuggled = Self.quick
                let refused = request("POST", "/graphql", ["Content-Length": "\(smuggled.utf8.count)"], bearer: nil)
                try await connection.send(refused)
                #expect(try await connection.response().status == 401)
                try await connection.send(smuggled + request("GET", "/healthz"))
                #expect(try await connection.response().text == #"{"status":"ok"}"#)
            }
            #expect(server.executor.asked.isEmpty)
        }
    }

    @Test func `HEAD is answered by a head alone, and the next one by its own`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(request("HEAD", "/healthz") + Self.quick)
                #expect(try await connection.response(toHead: true)["content-length"] == "15")
                #expect(try await connection.response().text.contains("Query"))
            }
        }
    }

    @Test func `a client of HTTP 1.0 is answered without chunks, and keeps its connection only if it asks to`()
        async throws
    {
        try await RunningServer.with { server in
            for (text, part) in [(Self.quick, "Query"), (request(body: body("{ export }")), "[0,1,2,")] {
                try await RawConnection.with(port: server.port) { connection in
                    try await connection.send(text.replacing("HTTP/1.1", with: "HTTP/1.0"))
                    let head = try await connection.head()
                    #expect(head["transfer-encoding"] == nil)
                    #expect(head["connection"] == "close")
                    var bytes: [UInt8] = []
                    while await !connection.isAtEnd() { bytes += connection.takeAll() }
                    #expect(String(decoding: bytes, as: UTF8.self).contains(part))
                }
            }
            try await RawConnection.with(port: server.port) { connection in
                let asking = request(body: body("{ __typename }"), ["Connection": "keep-alive"])
                try await connection.send(asking.replacing("HTTP/1.1", with: "HTTP/1.0"))
                #expect(try await connection.response()["connection"] == "keep-alive")
                try await connection.send(Self.quick)
                #expect(try await connection.response().status == 200)
            }
        }
    }

    @Test(
        arguments: [
            ("http://example.com/healthz", 200), ("HTTPS://example.com:443/healthz", 200), ("http://example.com", 200),
            ("http://example.com/nothing", 404), ("http://example.com?query=x", 200), ("*", 404),
        ])
    func `a target with scheme and host is the path in it`(_ target: String, _ expected: Int) async throws {
        try await RunningServer.with { server in
            #expect(await status(server.port, request("GET", target, bearer: nil)) == expected)
        }
    }

    @Test func `a key that is sent twice is nobody's`() async throws {
        try await RunningServer.with { server in
            let twice = Self.quick.replacing("Host:", with: "Authorization: Bearer sb_good\r\nHost:")
            #expect(await status(server.port, twice) == 401)
        }
    }
}
