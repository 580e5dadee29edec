import Curl
import TestServer
import Testing

@Suite struct HTTPTests {
    /// Answers every request on every connection with its own body.
    static let echo: RawServer.Script = { connection in
        while let request = connection.readRequest() { connection.answer(200, headers: ["X-One: 1"], request.bodyText) }
    }

    @Test func `a request arrives as it was written, and nothing is added`() async throws {
        try await withServer(Self.echo) { transport, server in
            var request = post(server.url + "/a/b?c=d%20e", "To=%2B14155550123&Body=hi")
            request.headers.append("User-Agent", "test/1")
            request.headers.append("X-Empty", "")
            let answer = try await transport.send(request)
            #expect(answer.status == 200)
            #expect(answer.headers["x-one"] == "1")
            #expect(answer.body == Array("To=%2B14155550123&Body=hi".utf8))
            let got = try #require(server.received.first)
            #expect(got.method == "POST")
            #expect(got.target == "/a/b?c=d%20e")
            #expect(
                got.headers == [
                    "host": "127.0.0.1:\(server.port)", "accept": "*/*", "content-length": "25", "x-empty": "",
                    "content-type": "application/x-www-form-urlencoded", "user-agent": "test/1",
                ])
        }
    }

    @Test(arguments: HTTPRequest.Method.allCases)
    func `each method arrives under its name`(method: HTTPRequest.Method) async throws {
        try await withServer({ connection in
            if connection.readRequest() != nil { connection.answer(204) }
        }) { transport, server in
            let takesBody = method != .get && method != .head
            let request = HTTPRequest(method, server.url, body: takesBody ? Array("body".utf8) : nil)
            let answer = try await transport.send(request)
            #expect(answer.status == 204)
            #expect(server.received.map(\.method) == [method.rawValue])
            #expect(server.received.map(\.bodyText) == [takesBody ? "body" : ""])
            #expect(server.received[0].headers["content-type"] == nil)
        }
    }

    @Test func `a body of two megabytes goes out at once, without asking first`() async throws {
        try await withServer(Self.echo) { transport, server in
            let body = String(repeating: "x", count: 2 << 20)
            let answer = try await transport.send(post(server.url, body))
            #expect(answer.body.count == body.utf8.count)
            #expect(server.received[0].headers["expect"] == nil)
        }
    }

    @Test func `basic authentication carries user and password`() async throws {
        try await withServer(Self.echo) { transport, server in
            var request = HTTPRequest(.get, server.url)
            request.basicAuthentication = BasicAuthentication(username: "user") { lend in
                Array("pass:wörd".utf8).withUnsafeBytes { lend($0) }
            }
            _ = try await transport.send(request)
            #expect(server.received[0].headers["authorization"] == "Basic dXNlcjpwYXNzOnfDtnJk")
        }
    }

    @Test func `a chunked answer is put together, and its trailers left out`() async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n")
            connection.write(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n")
        }) { transport, server in
            let answer = try await transport.send(HTTPRequest(.get, server.url))
            #expect(answer.body == Array("abcde".utf8))
            #expect(answer.headers.fields.map(\.name) == ["Transfer-Encoding"])
        }
    }

    @Test func `a redirect is an answer, and is not followed`() async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.answer(307, headers: ["Location: /elsewhere"])
        }) { transport, server in
            let answer = try await transport.send(post(server.url))
            #expect(answer.status == 307)
            #expect(answer.headers["Location"] == "/elsewhere")
            #expect(server.received.count == 1)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Padding: \(String(repeating: "p", count: 2000))\r\n\r\n",
    ])
    func `an answer over its limit is given up`(head: String) async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.write(head + String(repeating: "x", count: 2000))
        }) { transport, server in
            var request = post(server.url)
            request.responseSizeLimit = 1000
            let error = await failure(of: request, transport)
            #expect(error?.kind == .tooLarge)
            #expect(error?.delivery == .mayHaveBeenSent)
        }
    }

    @Test func `an answer within its limit is not given up`() async throws {
        try await withServer({ connection in
            _ = connection.readRequest()
            connection.answer(200, String(repeating: "x", count: 900))
        }) { transport, server in
            var request = post(server.url)
            request.responseSizeLimit = 1000
            let answer = try await transport.send(request)
            #expect(answer.body.count == 900)
        }
    }

    @Test(arguments: [
        HTTPRequest(.get, "ftp://127.0.0.1/"), HTTPRequest(.get, "file:///etc/passwd"), HTTPRequest(.get, "http:///"),
        HTTPRequest(.get, "http://user:pass@127.0.0.1/"), HTTPRequest(.get, "http://127.0.0.1/a b"),
        HTTPRequest(.get, "http://127.0.0.1/", headers: ["X": "a\r\nY: b"]),
        HTTPRequest(.get, "http://127.0.0.1/", headers: ["X Y": "a"]), HTTPRequest(.get, "http://127.0.0.1/", body: []),
        HTTPRequest(
            .get, "http://127.0.0.1/",
            basicAuthentication: BasicAuthentication(username: "a:b") { $0(.init(start: nil, count: 0)) }),
    ])
    func `what could mean something else on the wire is refused`(request: HTTPRequest) async throws {
        let transport = try HTTPTransport()
        let error = await failure(of: request, transport)
        #expect(error?.kind == .invalidRequest)
        #expect(error?.delivery == .notSent)
        await transport.shutdown()
    }

    @Test func `a password with a NUL, which libcurl would cut, is refused`() async throws {
        try await withServer(Self.echo) { transport, server in
            var request = HTTPRequest(.get, server.url)
            request.basicAuthentication = BasicAuthentication(username: "user") { lend in
                [UInt8]([65, 0, 66]).withUnsafeBytes { lend($0) }
            }
            #expect(await failure(of: request, transport)?.kind == .invalidRequest)
            #expect(server.connectionCount == 0)
        }
    }
}
