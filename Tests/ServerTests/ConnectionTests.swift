import Server
import Synchronization
import Testing

@Suite("A connection that carries more than one thing", .timeLimit(.minutes(2)))
struct ConnectionTests {
    private static let quick = request(body: body("{ __typename }"))
    private static let slow = request(body: body("{ slow }"))
    private static let stuck = request(body: body("{ stuck }"))
    private static let large = request(body: body("{ large }"))
    private static let health = request("GET", "/healthz", bearer: nil)

    @Test func `requests that come at once are answered in their order, the quick ones behind the slow`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                let partial = request(body: body("{ partial }"))
                try await connection.send(Self.slow + Self.health + Self.quick + Self.slow + partial)
                for part in ["slow", "status", "Query", "slow", "partial"] {
                    #expect(try await connection.response().text.contains(part))
                }
                // One after the other, and none before the one in front was answered.
                #expect(
                    server.executor.asked.map(\.document) == ["{ slow }", "{ __typename }", "{ slow }", "{ partial }"])
                try await connection.send(Self.quick)
                #expect(try await connection.response().status == 200)
            }
        }
    }

    @Test func `a thousand requests at once are a thousand answers`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.slow + String(repeating: Self.health + Self.quick, count: 500))
                #expect(try await connection.response().text.contains("slow"))
                for _ in 0..<500 {
                    #expect(try await connection.response().text == #"{"status":"ok"}"#)
                    #expect(try await connection.response().text == #"{"data":{"__typename":"Query"}}"#)
                }
            }
        }
    }

    @Test func `requests in pieces of a byte are whole requests`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                for byte in (Self.quick + Self.health).utf8 { try await connection.send([byte]) }
                #expect(try await connection.response().text.contains("Query"))
                #expect(try await connection.response().text.contains("status"))
            }
        }
    }

    @Test func `an answer larger than the sockets hold arrives whole, and the next one behind it`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.large + Self.quick)
                #expect(try await connection.response().body.count == StubExecutor.largeText + 11)
                #expect(try await connection.response().text.contains("Query"))
            }
        }
    }

    @Test func `a client that reads nothing has nothing more begun for it`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(String(repeating: Self.large, count: 20))
                #expect(await RunningServer.eventually { server.executor.asked.count > 0 })
                // Another's requests are answered meanwhile; by then, those here would have been begun.
                for _ in 0..<20 { #expect(try await ask(server.port, Self.quick).status == 200) }
                #expect(server.executor.asked.count { $0.document == "{ large }" } < 5)
                for _ in 0..<20 {
                    #expect(try await connection.response().body.count == StubExecutor.largeText + 11)
                }
            }
        }
    }

    @Test func `a client that goes in the midst of an answer leaves nothing behind`() async throws {
        try await RunningServer.with { server in
            for _ in 0..<3 {
                try await RawConnection.with(port: server.port) { connection in
                    try await connection.send(Self.large + Self.large)
                    #expect(await connection.isAtEnd() == false)
                    try await connection.close()
                }
            }
            let port = server.port
            let isAlone = await RunningServer.eventually {
                let text = try? await ask(port, request("GET", "/metrics", bearer: nil)).text
                return text?.contains("switchboard_http_connections_open 1\n") == true
            }
            #expect(isAlone)
        }
    }

    @Test func `what a client sends behind a request that takes long is not taken in without bound`() async throws {
        try await RunningServer.with { server in
            let sent = Count()
            try await withThrowingTaskGroup { group in
                let port = server.port
                group.addTask {
                    try await RawConnection.with(port: port) { connection in
                        try await connection.send(Self.stuck)
                        let piece = request(body: String(repeating: " ", count: 1_048_576))
                        for _ in 0..<64 {
                            try await connection.sendThrough(piece)
                            sent.add()
                        }
                    }
                }
                #expect(await RunningServer.eventually { sent.value > 0 })
                // It stands still once it has not moved for a while, also on a machine that is busy.
                var (before, secondsStill) = (0, 0)
                while secondsStill < 3 {
                    secondsStill = sent.value == before ? secondsStill + 1 : 0
                    before = sent.value
                    try await Task.sleep(for: .seconds(1))
                }
                // What the sockets of both ends hold, and no more.
                #expect(before < 40, "\(before) MiB")
                group.cancelAll()
            }
        }
    }

    @Test func `a stopping server closes who waits for nothing, and answers who waits`() async throws {
        try await RunningServer.with(configured { $0.timeouts.drain = .seconds(60) }) { server in
            try await RawConnection.with(port: server.port) { idle in
                try await idle.send(Self.quick)
                #expect(try await idle.response()["connection"] == nil)
                try await RawConnection.with(port: server.port) { busy in
                    let target = "/hooks/twilio/\(StubWebhooks.hook)/stubborn"
                    let held = request("POST", target, ["X-Twilio-Signature": "good"], bearer: nil)
                    // What stands behind it is not begun any longer.
                    try await busy.send(held + Self.quick)
                    #expect(await RunningServer.eventually { server.webhooks.isHeld })
                    await server.stop()
                    #expect(await idle.isAtEnd())
                    server.webhooks.letGo()
                    let answer = try await busy.response()
                    #expect(answer.status == 204)
                    #expect(answer["connection"] == "close")
                    #expect(await busy.isAtEnd())
                    #expect(server.executor.asked.count == 1)
                }
            }
        }
    }

    @Test func `a stopping server lets an answer out that is on its way`() async throws {
        try await RunningServer.with(configured { $0.timeouts.drain = .seconds(60) }) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.large)
                #expect(try await connection.head().status == 200)
                await server.stop()
                var count = 0
                while await !connection.isAtEnd() { count += connection.takeAll().count }
                #expect(count == StubExecutor.largeText + 11)
            }
        }
    }
}

/// How often something has happened.
private final class Count: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add() {
        count.add(1, ordering: .relaxed)
    }
}
