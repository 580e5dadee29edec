import Curl
import TestServer
import Testing
import Twilio

/// What is asked of the servers of others before their files are sent: as little as can be, and nothing of what is not public.
/// The server of these tests plays the sandbox, the one place that needs neither HTTPS nor a public address.
@Suite(.timeLimit(.minutes(2))) struct MediaInspectorTests {
    private static func withInspector(
        patience: Duration = .seconds(30), _ script: @escaping RawServer.Script,
        _ body: (MediaInspector, RawServer) async throws -> Void
    ) async throws {
        let server = try RawServer(script)
        defer { server.stop() }
        let transport = try HTTPTransport()
        do {
            try await body(
                MediaInspector(
                    transport: transport, endpoints: try TwilioEndpoints(base: server.url), patience: patience), server)
            await transport.shutdown()
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    private static func answering(_ status: Int, _ headers: [String] = []) -> RawServer.Script {
        { connection in
            while connection.readRequest() != nil { connection.answerHead(status, headers: headers) }
        }
    }

    @Test func `size and type are asked for by HEAD, without a credential`() async throws {
        try await Self.withInspector(
            Self.answering(200, ["Content-Length: 7340032", "Content-Type: image/png; q=1"])
        ) { inspector, server in
            let address = try inspector.address("\(server.url)/a.png?token=1")
            let answers = await inspector.ask([address, address])
            #expect(
                answers == [
                    .told(size: 7_340_032, type: "image/png; q=1"), .told(size: 7_340_032, type: "image/png; q=1"),
                ])
            let received = server.received
            #expect(received.map(\.method) == ["HEAD"], "the same address once")
            #expect(received.first?.target == "/a.png?token=1")
            #expect(received.first?.headers["authorization"] == nil)
            #expect(received.first?.headers["cookie"] == nil)
        }
    }

    @Test(arguments: [204, 206, 400, 401, 403, 404, 405, 410, 429, 500, 501, 503])
    func `who does not answer with the file says nothing of it`(status: Int) async throws {
        try await Self.withInspector(
            Self.answering(status, ["Content-Length: 7340032", "Content-Type: text/html"])
        ) { inspector, server in
            let own = try inspector.address("\(server.url)/a")
            #expect(await inspector.ask([own]) == [.silent])
        }
    }

    @Test(arguments: ["", "-1", "many", "7340032, 1"])
    func `a size that is none is not believed`(length: String) async throws {
        try await Self.withInspector({ connection in
            while connection.readRequest() != nil {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\nConnection: close\r\n\r\n")
                connection.close()
            }
        }) { inspector, server in
            let answers = await inspector.ask([try inspector.address("\(server.url)/a")])
            #expect(answers == [.silent] || answers == [.told(size: nil, type: nil)])
        }
    }

    @Test func `three redirects are followed, and no more`() async throws {
        try await Self.withInspector({ connection in
            while let request = connection.readRequest() {
                let left = Int(request.target.dropFirst()) ?? 0
                left == 0
                    ? connection.answerHead(200, headers: ["Content-Length: 9", "Content-Type: image/gif"])
                    : connection.answerHead(302, headers: ["Location: /\(left - 1)"])
            }
        }) { inspector, server in
            let addresses = try ["/3", "/4"].map { try inspector.address(server.url + $0) }
            #expect(await inspector.ask(addresses) == [.told(size: 9, type: "image/gif"), .silent])
        }
    }

    @Test(arguments: [
        ("https://127.0.0.1/a", MediaInspector.Answer.notPublic),
        ("https://169.254.169.254/latest/meta-data", .notPublic),
        ("https://[::1]/a", .notPublic), ("https://localhost/a", .notPublic), ("https://db.internal/a", .notPublic),
        ("http://files.example.com/a", .silent), ("http://127.0.0.1:1/a", .silent), ("ftp://127.0.0.1/a", .silent),
        ("file:///etc/passwd", .silent), ("//127.0.0.1/a", .silent), ("a", .silent), ("", .silent),
        ("https://ann:secret@files.example.com/a", .silent),
    ])
    func `a redirect to elsewhere is held to the same rules`(
        location: String, answer: MediaInspector.Answer
    ) async throws {
        try await Self.withInspector(Self.answering(302, ["Location: \(location)"])) { inspector, server in
            let own = try inspector.address("\(server.url)/a")
            #expect(await inspector.ask([own]) == [answer])
            #expect(server.connectionCount == 1, "nobody else was asked")
        }
    }

    /// A name may resolve to what its letters do not tell: `localhost` stands in for one, past the first guard.
    @Test func `a name with an address that is not public is not reached`() async throws {
        try await Self.withInspector(Self.answering(200)) { inspector, server in
            let url = "https://localhost:\(server.port)/a"
            #expect(await inspector.ask([.dangerouslyUnchecked(url)]) == [.notPublic])
            #expect(server.connectionCount == 0)
            // The control: the same server is reached by the address that is its own.
            let own = try inspector.address("\(server.url)/a")
            #expect(await inspector.ask([own]) == [.told(size: nil, type: nil)])
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `who takes too long is not waited for, and slow ones hold up only so many`() async throws {
        try await Self.withInspector(
            patience: .seconds(1), { connection in while connection.readRequest() != nil {} }
        ) { inspector, server in
            let addresses = try (0..<80).map { try inspector.address("\(server.url)/\($0)") }
            #expect(await inspector.ask(addresses) == addresses.map { _ in .silent })
            #expect(server.connectionCount > 0 && server.connectionCount <= 64)
        }
    }
}

extension RawConnection {
    /// What answers a HEAD: nothing comes after the headers, whatever these say.
    fileprivate func answerHead(_ status: Int, headers: [String]) {
        write((["HTTP/1.1 \(status) As asked"] + headers).joined(separator: "\r\n") + "\r\n\r\n")
    }
}
