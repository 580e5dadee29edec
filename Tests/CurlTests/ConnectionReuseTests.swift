import Curl
import Glibc
import TestServer
import Testing

@Suite struct ConnectionReuseTests {
    @Test func `requests one after another share a connection`() async throws {
        try await withServer(HTTPTests.echo) { transport, server in
            for _ in 0..<5 { _ = try await transport.send(post(server.url)) }
            #expect(server.received.map(\.connection) == [0, 0, 0, 0, 0])
        }
    }

    @Test func `those of different pools never do, and each pool keeps its own`() async throws {
        try await withServer(HTTPTests.echo) { transport, server in
            for pool in ["one", "two", "one", "two", nil, "one"] {
                _ = try await transport.send(post(server.url, pool: pool))
            }
            #expect(server.received.map(\.connection) == [0, 1, 0, 1, 2, 0])
        }
    }

    @Test func `what a burst has opened is there for the next, however few come between them`() async throws {
        try await withServer({ connection in
            while let request = connection.readRequest() {
                if request.target == "/burst" { usleep(200_000) }
                connection.answer()
            }
        }) { transport, server in
            for _ in 0..<2 {
                try await withThrowingTaskGroup { group in
                    for _ in 0..<16 {
                        group.addTask { _ = try await transport.send(post(server.url + "/burst", pool: "account")) }
                    }
                    try await group.waitForAll()
                }
                for _ in 0..<20 { _ = try await transport.send(post(server.url, pool: "account")) }
            }
            #expect(server.connectionCount <= 16)
        }
    }

    @Test func `an answer of 4xx or 5xx keeps the connection`() async throws {
        try await withServer({ connection in
            for status in [500, 404, 200] where connection.readRequest() != nil { connection.answer(status) }
        }) { transport, server in
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await transport.send(post(server.url)).status) }
            #expect(statuses == [500, 404, 200])
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `after a lost connection the next request takes a new one`() async throws {
        try await withServer({ connection in
            guard connection.readRequest() != nil else { return }
            if connection.number == 0 { return connection.reset() }
            connection.answer()
        }) { transport, server in
            #expect(await failure(of: post(server.url), transport) != nil)
            #expect(await failure(of: post(server.url), transport) == nil)
            #expect(server.connectionCount == 2)
        }
    }

    @Test(arguments: ["Connection: close", "X-Nothing: at all"])
    func `connections that are closed after each answer make way for others with their sockets' numbers`(
        header: String
    ) async throws {
        try await withServer({ connection in
            guard connection.readRequest() != nil else { return }
            connection.answer(headers: [header])
            // By whom it is closed: libcurl, which was asked to, or the server, at a moment that is nobody's.
            if header.hasPrefix("Connection") { connection.waitForEnd() }
        }) { transport, server in
            for _ in 0..<20 {
                var request = post(server.url, pool: "account")
                request.method = .put
                request.totalTimeout = .seconds(10)
                let answer = try await transport.send(request)
                #expect(answer.status == 200)
            }
            #expect(server.received.map(\.connection) == Array(0..<20))
        }
    }

    @Test func `nothing of a request goes out with the next of its pool`() async throws {
        try await withServer({ connection in
            while connection.readRequest() != nil { connection.answer() }
        }) { transport, server in
            var first = HTTPRequest(
                .post, server.url, headers: ["X-Own": "first", "Content-Type": "text/plain"], body: Array("first".utf8),
                reusePool: "account")
            first.basicAuthentication = BasicAuthentication(username: "first") { lend in
                Array("secret".utf8).withUnsafeBytes { lend($0) }
            }
            let bare = HTTPRequest(.get, server.url + "/bare", reusePool: "account")
            var second = HTTPRequest(.delete, server.url, reusePool: "account")
            second.basicAuthentication = BasicAuthentication(username: "second") { lend in
                Array("other".utf8).withUnsafeBytes { lend($0) }
            }
            for request in [first, bare, second, first] { _ = try await transport.send(request) }
            let received = server.received
            #expect(received.map(\.connection) == [0, 0, 0, 0])
            #expect(received.map(\.method) == ["POST", "GET", "DELETE", "POST"])
            #expect(received.map(\.bodyText) == ["first", "", "", "first"])
            #expect(received.map { $0.headers["x-own"] } == ["first", nil, nil, "first"])
            let basic = { (text: String) in "Basic \(text)" }
            #expect(
                received.map { $0.headers["authorization"] } == [
                    basic("Zmlyc3Q6c2VjcmV0"), nil, basic("c2Vjb25kOm90aGVy"), basic("Zmlyc3Q6c2VjcmV0"),
                ])
            #expect(received[1].headers["content-type"] == nil)
        }
    }

    @Test func `nor does it with the next of the same kind, whose options stay set`() async throws {
        try await withServer({ connection in
            while connection.readRequest() != nil { connection.answer() }
        }) { transport, server in
            func request(_ name: String, headers: HTTPHeaders, body: String) -> HTTPRequest {
                HTTPRequest(
                    .post, server.url + "/\(name)", headers: headers, body: Array(body.utf8),
                    basicAuthentication: BasicAuthentication(username: name) { lend in
                        Array("secret".utf8).withUnsafeBytes { lend($0) }
                    }, reusePool: "account")
            }
            let own: HTTPHeaders = ["X-Own": "first", "Content-Type": "text/plain"]
            _ = try await transport.send(request("first", headers: own, body: "a long first body"))
            _ = try await transport.send(request("second", headers: [:], body: ""))
            for path in ["/one", "/two"] {
                _ = try await transport.send(HTTPRequest(.get, server.url + path, reusePool: "account"))
            }
            let received = server.received
            #expect(received.map(\.connection) == [0, 0, 0, 0])
            #expect(received.map(\.method) == ["POST", "POST", "GET", "GET"])
            #expect(received.map(\.target) == ["/first", "/second", "/one", "/two"])
            #expect(received.map(\.bodyText) == ["a long first body", "", "", ""])
            #expect(received.map { $0.headers["x-own"] } == ["first", nil, nil, nil])
            #expect(received.map { $0.headers["content-type"] } == ["text/plain", nil, nil, nil])
            #expect(
                received.map { $0.headers["authorization"] } == [
                    "Basic Zmlyc3Q6c2VjcmV0", "Basic c2Vjb25kOnNlY3JldA==", nil, nil,
                ])
        }
    }

    @Test func `many requests at once are all answered, each with its own answer`() async throws {
        try await withServer(HTTPTests.echo) { transport, server in
            let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for number in 0..<200 {
                    let request = post(server.url, "n=\(number)", pool: "account\(number % 7)")
                    group.addTask { (number, String(decoding: try await transport.send(request).body, as: UTF8.self)) }
                }
                return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
            }
            #expect(answers.count == 200)
            #expect(answers.allSatisfy { $0.value == "n=\($0.key)" })
        }
    }
}
