import Logging
import Server
import ServiceLifecycle
import TestWorld
import Testing

@Suite("The edge: limits, slow clients, stopping", .timeLimit(.minutes(2)))
struct EdgeTests {
    @Test("a body of 10 MB is refused in one sentence, however it is announced", arguments: [true, false])
    func largeBody(isChunked: Bool) async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1_048_576)
                if isChunked {
                    try await connection.send(
                        post(["Transfer-Encoding": "chunked", "Content-Length": ""]))
                    for _ in 0..<10 {
                        try await connection.send("100000\r\n")
                        try await connection.send(piece)
                        try await connection.send("\r\n")
                    }
                    try await connection.send("0\r\n\r\n")
                } else {
                    try await connection.send(post(["Content-Length": String(10 * piece.count)]))
                    for _ in 0..<10 { try await connection.send(piece) }
                }
                let response = try await connection.response()
                #expect(response.status == 413)
                #expect(StatusTests.code(response) == "BODY_TOO_LARGE")
                #expect(response.text.contains("larger than 1048576 bytes"))
            }
            #expect(server.executor.asked.isEmpty)
        }
    }

    /// What a stranger's file says that it is.
    private struct BrokenType: FileSource {
        let type: String
        func file(_ token: String) async throws -> (type: String, bytes: [UInt8])? { (type, Array("abc".utf8)) }
    }

    @Test("nothing in a header's value ends its line and begins another one")
    func brokenValue() async throws {
        let type = "text/plain;\té\r\nSet-Cookie: a=b\n\r\n\r\u{0}\u{1F}\u{7F}~"
        try await RunningServer.with(files: BrokenType(type: type)) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(request("GET", "/media/abcdefgh"))
                let response = try await connection.response()
                #expect(response.status == 200)
                #expect(response["set-cookie"] == nil)
                #expect(response["content-type"] == "text/plain;\té  Set-Cookie: a=b       ~")
                #expect(response.text == "abc")
            }
        }
    }

    @Test("a body at the limit is read")
    func bodyAtLimit() async throws {
        try await RunningServer.with(
            configured {
                $0.limits.graphQLBody = 1_000
            }
        ) { server in
            let document = body("{ __typename }")
            let padded = document + String(repeating: " ", count: 1_000 - document.utf8.count)
            #expect(await status(server.port, request(body: padded)) == 200)
            #expect(await status(server.port, request(body: padded + " ")) == 413)
        }
    }

    @Test("a client that asks first is told to go on, or why not")
    func expectContinue() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                let text = body("{ __typename }")
                let whole = request(body: text, ["Expect": "100-continue"])
                try await connection.send(String(whole.dropLast(text.count)))
                #expect(try await connection.response().status == 100)
                try await connection.send(text)
                #expect(try await connection.response().status == 200)
            }
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(post(["Expect": "100-continue", "Content-Length": "5000000"]))
                #expect(try await connection.response().status == 413)
            }
        }
    }

    @Test("a body that does not arrive is not waited for")
    func slowBody() async throws {
        try await RunningServer.with(
            configured {
                $0.timeouts.body = .milliseconds(100)
            }
        ) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(post(["Content-Length": "1000"]))
                try await connection.send("{")
                let response = try await connection.response()
                #expect(response.status == 408)
                #expect(StatusTests.code(response) == "REQUEST_TIMEOUT")
                #expect(await connection.isAtEnd())
            }
        }
    }

    @Test("a head that never ends, and an idle connection, are closed", arguments: ["GET /healthz HT", ""])
    func idle(_ beginning: String) async throws {
        try await RunningServer.with(
            configured {
                $0.timeouts.idle = .milliseconds(100)
            }
        ) { server in
            try await RawConnection.with(port: server.port) { connection in
                // On a busy machine the connection may be closed before anything was sent, which is as good.
                if !beginning.isEmpty { try? await connection.send(beginning) }
                #expect(await connection.isAtEnd())
            }
        }
    }

    @Test("a head that comes byte by byte is no activity, blank lines before it are none")
    func dripping() async throws {
        try await RunningServer.with(
            configured {
                $0.timeouts.idle = .milliseconds(200)
            }
        ) { server in
            for (beginning, drip) in [("GET /healthz HTTP/1.1\r\nX: ", "x"), ("", "\r\n")] {
                try await RawConnection.with(port: server.port) { connection in
                    try? await connection.send(beginning)
                    var drips = 0
                    while drips < 1_000, (try? await connection.send(drip)) != nil {
                        drips += 1
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    #expect(drips < 1_000)
                }
            }
        }
    }

    @Test(
        "what comes behind a wish for another protocol is not kept without bound",
        arguments: [
            request("GET", "/healthz", ["Connection": "Upgrade", "Upgrade": "h2c"], bearer: nil),
            request("CONNECT", "localhost:1", bearer: nil),
        ])
    func upgrade(_ wish: String) async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(wish)
                _ = try await connection.response()
                let piece = String(repeating: "x", count: 65_536)
                var pieces = 0
                while pieces < 500, (try? await connection.sendThrough(piece)) != nil { pieces += 1 }
                #expect(pieces < 500)
            }
        }
    }

    @Test("a connection too many hears 503, and the next one after a close is served")
    func connections() async throws {
        try await RunningServer.with(
            configured {
                $0.limits.connections = 1
            }
        ) { server in
            try await RawConnection.with(port: server.port) { first in
                try await first.send(request("GET", "/healthz"))
                #expect(try await first.response().status == 200)
                let second = try await ask(server.port, request("GET", "/healthz"))
                #expect(second.status == 503)
                #expect(second["retry-after"] == "1")
                try await first.send(request("GET", "/healthz"))
                #expect(try await first.response().status == 200)
            }
            let port = server.port
            #expect(
                await RunningServer.eventually {
                    (try? await ask(port, request("GET", "/healthz")).status) == 200
                })
        }
    }

    @Test("what is no HTTP is answered 400")
    func malformed() async throws {
        try await RunningServer.with { server in
            let response = try await ask(server.port, "NONSENSE\r\n\r\n")
            #expect(response.status == 400)
            #expect(StatusTests.code(response) == "BAD_REQUEST")
        }
    }

    @Test("several requests share a connection, pipelined too")
    func keepAlive() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                let one = request(body: body("{ __typename }"))
                try await connection.send(one + one + request(body: body("{ partial }")))
                #expect(try await connection.response().text.contains("Query"))
                #expect(try await connection.response().text.contains("Query"))
                #expect(try await connection.response().text.contains("partial"))
            }
        }
    }

    @Test("stopping finishes the request under way, ends streams with complete, and takes no more")
    func draining() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { stream in
                try await stream.send(request(body: body("subscription { changes }"), ["Accept": "text/event-stream"]))
                _ = try await stream.head()
                _ = try await stream.event()
                let port = server.port
                async let slow = ask(port, request(body: body("{ slow }")))
                #expect(await RunningServer.eventually { !server.executor.asked.isEmpty })
                await server.stop()
                #expect(try await stream.event() == "event: complete\ndata:\n\n")
                #expect(try await slow.text == #"{"data":{"slow":true}}"#)
                #expect(
                    await RunningServer.eventually {
                        (try? await ask(port, request("GET", "/healthz"))) == nil
                    })
            }
        }
    }

    @Test("a request that outlasts the drain is cut off")
    func drainDeadline() async throws {
        try await RunningServer.with(
            configured {
                $0.timeouts.drain = .milliseconds(200)
            }
        ) { server in
            let port = server.port
            async let stuck = try? ask(port, request(body: body("{ stuck }")))
            #expect(await RunningServer.eventually { !server.executor.asked.isEmpty })
            await server.stop()
            #expect(await stuck?.text.contains("stuck\":true") != false)
        }
    }

    @Test("a port in use is one sentence")
    func portInUse() async throws {
        try await RunningServer.with { server in
            var configuration = ServerConfiguration()
            configuration.port = server.port
            let second = HTTPServer(
                configuration: configuration, executor: server.executor, access: server.access,
                webhooks: server.webhooks, readiness: [], metrics: PrometheusRegistry(), logger: LogLines().logger())
            let expected = ServerError.portInUse(host: "127.0.0.1", port: server.port)
            await #expect(throws: expected) { try await second.run() }
            await #expect(throws: expected) { try await second.waitUntilListening() }
            #expect(expected.description.hasPrefix("Port \(server.port) is in use"))
        }
    }

    @Test("an address of another machine is one sentence")
    func address() async throws {
        var configuration = ServerConfiguration()
        configuration.host = "192.0.2.1"
        let server = HTTPServer(
            configuration: configuration, executor: StubExecutor(), access: StubAccess(), webhooks: StubWebhooks(),
            readiness: [], metrics: PrometheusRegistry(), logger: LogLines().logger())
        await #expect(throws: ServerError.addressNotAvailable(host: "192.0.2.1")) { try await server.run() }
    }

    /// A POST without a body of its own.
    private func post(_ headers: [String: String]) -> String {
        request("POST", "/graphql", headers)
    }
}
