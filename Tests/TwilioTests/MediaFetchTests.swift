import Curl
import TestServer
import Testing
import Twilio

/// Files are fetched through redirects that may lie: the server that plays Twilio's API is the sandbox of these tests,
/// the one place that needs neither HTTPS nor a public address.
@Suite(.timeLimit(.minutes(2))) struct MediaFetchTests {
    private static let path = "/Messages/\(MessageSid.sample)/Media/\(MediaSid.sample)"

    /// Answers the API's address with a redirect, and any other with a picture.
    private static func redirecting(to location: String?, status: Int = 307) -> RawServer.Script {
        { connection in
            while let request = connection.readRequest() {
                if request.target.hasSuffix(path) {
                    let headers = location.map { ["Location: \($0)"] } ?? []
                    connection.answer(status, headers: headers, "{}")
                } else {
                    connection.answer(200, headers: ["Content-Type: image/png"], "picture")
                }
            }
        }
    }

    private func fetch(_ client: TwilioClient, upTo limit: Int = 1000) async throws -> MediaFile {
        try await client.messages.media(of: .sample).fetchContent(.sample, upTo: limit)
    }

    private func refusal(
        _ location: String?, hosts: [String] = [".twilio.com", "localhost"], status: Int = 307
    ) async throws -> MediaFetchError? {
        var found: MediaFetchError?
        try await withTwilio(media: MediaPolicy(hosts: hosts), Self.redirecting(to: location, status: status)) {
            client, server in
            do {
                _ = try await client.messages.media(of: .sample).fetchContent(.sample, upTo: 1000)
            } catch let error as MediaFetchError {
                found = error
            }
            #expect(server.received.count == 1, "nothing else was asked")
        }
        return found
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is followed without the credential`(status: Int) async throws {
        try await withTwilio(Self.redirecting(to: "/files/1?signature=x", status: status)) { client, server in
            let file = try await fetch(client)
            #expect(file.contentType == "image/png" && file.bytes == Array("picture".utf8))
            #expect(server.received.map(\.target).last == "/files/1?signature=x")
            #expect(server.received[0].headers["authorization"]?.hasPrefix("Basic ") == true)
            #expect(server.received[1].headers["authorization"] == nil)
            #expect(server.received[1].headers["cookie"] == nil)
            #expect(server.received[1].connection != server.received[0].connection, "not the account's connection")
        }
    }

    @Test func `a sandbox may name itself in full`() async throws {
        try await withTwilio({ connection in
            while let request = connection.readRequest() {
                let host = request.headers["host"] ?? ""
                request.target.hasSuffix(Self.path)
                    ? connection.answer(307, headers: ["Location: http://\(host)/files/1"])
                    : connection.answer(200, "picture")
            }
        }) { client, _ in
            let file = try await fetch(client)
            #expect(file.bytes == Array("picture".utf8))
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1:1/x", RedirectRefusal.notHTTPS), ("https://127.0.0.1/x", .foreignHost),
        ("https://10.0.0.1/x", .foreignHost), ("https://169.254.169.254/latest/meta-data", .foreignHost),
        ("https://[::1]/x", .foreignHost), ("https://[::ffff:10.0.0.1]/x", .foreignHost),
        ("https://2130706433/x", .foreignHost), ("https://media.example/x", .foreignHost),
        ("https://twilio.com.media.example/x", .foreignHost), ("https://eviltwilio.com/x", .foreignHost),
        ("https://.twilio.com/x", .foreignHost), ("https://api.twilio.com:8443/x", .foreignHost),
        ("https://api.twilio.com@media.example/x", .foreignHost), ("https://media.example\\.twilio.com/x", .malformed),
        ("https://media.example#.twilio.com/x", .foreignHost), ("https://media.example?.twilio.com", .foreignHost),
        ("http://api.twilio.com/x", .notHTTPS), ("ftp://api.twilio.com/x", .notHTTPS),
        ("file:///etc/passwd", .notHTTPS),
        ("//media.example/x", .notHTTPS), ("x", .notHTTPS), ("https://", .foreignHost), ("https:///x", .foreignHost),
    ])
    func `a redirect elsewhere is not followed`(location: String, why: RedirectRefusal) async throws {
        #expect(try await refusal(location) == .redirect(why))
    }

    @Test func `a redirect that names no place is not followed`() async throws {
        #expect(try await refusal(nil) == .redirect(.noTarget))
    }

    /// `localhost` is a name that resolves to addresses of our own: the hosts allow it, its addresses do not.
    @Test func `an allowed name with a private address is not reached`() async throws {
        #expect(try await refusal("https://localhost/x") == .redirect(.privateAddress))
        #expect(try await refusal("https://localhost:443/x") == .redirect(.privateAddress))
        // The list of hosts alone refuses it, too, which shows that it was passed before.
        #expect(try await refusal("https://localhost/x", hosts: [".twilio.com"]) == .redirect(.foreignHost))
    }

    /// The control: without a look at addresses, each of the special ones would be reached.
    @Test(arguments: ["127.0.0.1", "10.1.2.3", "169.254.169.254"])
    func `addresses are looked at even if the hosts would allow them`(address: String) async throws {
        #expect(try await refusal("https://\(address)/x", hosts: [address]) == .redirect(.privateAddress))
    }

    @Test func `redirects end`() async throws {
        let endless: RawServer.Script = { connection in
            while let request = connection.readRequest() {
                let number = request.target.split(separator: "/").last.flatMap { Int($0) } ?? 0
                connection.answer(302, headers: ["Location: /hop/\(number + 1)"])
            }
        }
        try await withTwilio(endless) { client, server in
            await #expect(throws: MediaFetchError.redirect(.tooMany)) { try await fetch(client) }
            #expect(server.received.map(\.target).suffix(4) == ["/hop/1", "/hop/2", "/hop/3", "/hop/4"])
        }
        var patient = MediaPolicy.twilio
        patient.longestChain = 1
        try await withTwilio(media: patient, Self.redirecting(to: "/files/1")) { client, _ in
            let file = try await fetch(client)
            #expect(file.bytes == Array("picture".utf8))
        }
    }

    @Test func `a file that is too large is given up`() async throws {
        try await withTwilio(Self.redirecting(to: "/files/1")) { client, _ in
            let file = try await fetch(client, upTo: 7)
            #expect(file.bytes.count == 7)
            await #expect(throws: MediaFetchError.tooLarge(limit: 6)) { try await fetch(client, upTo: 6) }
        }
    }

    @Test func `a refusal of Twilio's is told from one of its storage`() async throws {
        let refused: RawServer.Script = { connection in
            while connection.readRequest() != nil { connection.answer(404, Fixture.error(20404, 404)) }
        }
        try await withTwilio(refused) { client, _ in
            await #expect(
                throws: MediaFetchError.call(.refused(TwilioError(code: 20404, status: 404, message: "Words")))
            ) { try await fetch(client) }
        }
        let gone: RawServer.Script = { connection in
            while let request = connection.readRequest() {
                request.target.hasSuffix(Self.path)
                    ? connection.answer(307, headers: ["Location: /files/1"]) : connection.answer(403, "expired")
            }
        }
        try await withTwilio(gone) { client, _ in
            await #expect(throws: MediaFetchError.storage(status: 403)) { try await fetch(client) }
        }
    }

    @Test func `a file that breaks off is no file`() async throws {
        let broken: RawServer.Script = { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.reset()
        }
        try await withTwilio(broken) { client, _ in
            do {
                _ = try await fetch(client)
                Issue.record("half a file was taken for one")
            } catch MediaFetchError.transport(let error) {
                #expect(error.kind == .connectionLost)
            }
        }
    }
}
