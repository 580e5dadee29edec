import Server
import Testing

@Suite("More requests than can be worked on", .timeLimit(.minutes(2)))
struct OverloadTests {
    private static let stuck = request(body: body("{ stuck }"))
    private static let quick = request(body: body("{ __typename }"))

    @Test(arguments: [(503, "UNAVAILABLE", 1, 1), (429, "TOO_MANY_REQUESTS", 2, 1)])
    func `are turned away at once, and told when to come again`(
        _ status: Int, _ code: String, requests: Int, perOrganization: Int
    ) async throws {
        try await RunningServer.with(
            configured {
                $0.limits.requests = requests
                $0.limits.requestsPerOrganization = perOrganization
            }
        ) { server in
            try await RawConnection.with(port: server.port) { busy in
                try await busy.send(Self.stuck)
                #expect(await RunningServer.eventually { server.executor.asked.count == 1 })
                for text in [Self.quick, request(body: "[\(body("{ __typename }"))]")] {
                    let refused = try await ask(server.port, text)
                    #expect(refused.status == status, "\(refused.text)")
                    #expect(StatusTests.code(refused) == code)
                    #expect(refused["retry-after"] == "1")
                }
                #expect(try await ask(server.port, request("GET", "/healthz")).status == 200)
                #expect(server.executor.asked.count == 1)
            }
            // Its place is given back when it is over.
            let port = server.port
            #expect(await RunningServer.eventually { await ServerTests.status(port, Self.quick) == 200 })
        }
    }

    @Test func `are taken as long as there are places`() async throws {
        try await RunningServer.with(configured { $0.limits.requests = 2 }) { server in
            try await RawConnection.with(port: server.port) { busy in
                try await busy.send(Self.stuck)
                #expect(await RunningServer.eventually { server.executor.asked.count == 1 })
                for _ in 0..<3 { #expect(try await ask(server.port, Self.quick).status == 200) }
            }
        }
    }

    @Test func `are not those whose bodies are still on the way`() async throws {
        try await RunningServer.with(configured { $0.limits.requests = 1 }) { server in
            try await RawConnection.with(port: server.port) { slow in
                try await slow.send(String(Self.quick.dropLast(5)))
                try await RawConnection.with(port: server.port) { stream in
                    try await stream.send(
                        request(body: body("subscription { changes }"), ["Accept": "text/event-stream"]))
                    #expect(try await stream.head().status == 200)
                    #expect(try await ask(server.port, Self.quick).status == 200)
                    try await slow.send(String(Self.quick.suffix(5)))
                    #expect(try await slow.response().status == 200)
                }
            }
        }
    }
}
