import Accounts
import Server
import Testing

@Suite("Live streams over Server-Sent Events", .timeLimit(.minutes(2)))
struct StreamTests {
    private static func subscribe(_ headers: [String: String] = [:]) -> String {
        request(
            body: body("subscription { changes }"), headers.merging(["Accept": "text/event-stream"]) { own, _ in own })
    }

    @Test("events are next, with id and data on lines of their own, and end with complete")
    func framing() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                let head = try await connection.head()
                #expect(head.status == 200)
                #expect(head["content-type"] == "text/event-stream; charset=utf-8")
                #expect(try await connection.event() == ":\n\n")
                server.executor.emit("{\"data\":{\"changes\":[1,\n 2]}}", id: "e1")
                #expect(
                    try await connection.event()
                        == "event: next\nid: e1\ndata: {\"data\":{\"changes\":[1,\ndata:  2]}}\n\n")
                server.executor.emit("{\"data\":null}")
                #expect(try await connection.event() == "event: next\ndata: {\"data\":null}\n\n")
                server.executor.endFeed()
                #expect(try await connection.event() == "event: complete\ndata:\n\n")
                #expect(try await connection.event() == nil)
            }
        }
    }

    @Test("an id that would break the framing is left out", arguments: ["a\nevent: x", "a b", ""])
    func brokenID(_ id: String) async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                _ = try await connection.event()
                server.executor.emit("{}", id: id)
                #expect(try await connection.event() == "event: next\ndata: {}\n\n")
            }
        }
    }

    @Test("what fails before execution is one event, with status 200")
    func validation() async throws {
        try await RunningServer.with { server in
            for text in [body("subscription {"), "{}", "nonsense"] {
                let response = try await ask(server.port, request(body: text, ["Accept": "text/event-stream"]))
                #expect(response.status == 200)
                #expect(response["content-type"] == "text/event-stream; charset=utf-8")
                #expect(response.text.contains("event: next\ndata: {\"errors\":"))
                #expect(response.text.hasSuffix("event: complete\ndata:\n\n"))
            }
        }
    }

    @Test("a query asked for as a stream is one event")
    func query() async throws {
        try await RunningServer.with { server in
            let response = try await ask(
                server.port, request(body: body("{ __typename }"), ["Accept": "text/event-stream"]))
            let next = "event: next\ndata: {\"data\":{\"__typename\":\"Query\"}}\n\n"
            #expect(response.text == ":\n\n" + next + "event: complete\ndata:\n\n")
        }
    }

    @Test("a subscription becomes a stream where it is accepted beside JSON")
    func beside() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    Self.subscribe([
                        "Accept": "application/graphql-response+json, application/json, text/event-stream"
                    ]))
                #expect(try await connection.head()["content-type"] == "text/event-stream; charset=utf-8")
            }
        }
    }

    @Test("who is not let in gets a status, not a stream")
    func unauthenticated() async throws {
        try await RunningServer.with { server in
            let response = try await ask(
                server.port,
                request(body: body("subscription { changes }"), ["Accept": "text/event-stream"], bearer: nil))
            #expect(response.status == 401)
            #expect(response["content-type"] == "application/json; charset=utf-8")
        }
    }

    @Test("Last-Event-ID is passed on")
    func lastEventID() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe(["Last-Event-ID": "e41"]))
                _ = try await connection.head()
                _ = try await connection.event()
            }
            #expect(await RunningServer.eventually { server.executor.lastEventIDs == ["e41"] })
        }
    }

    @Test("a silent stream sends comments")
    func heartbeat() async throws {
        try await RunningServer.with(
            configured {
                $0.timeouts.heartbeat = .milliseconds(30)
                // A key that stays valid is looked at again and again, and ends nothing.
                $0.timeouts.revalidation = .milliseconds(5)
            }
        ) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                for _ in 0..<4 { #expect(try await connection.event() == ":\n\n") }
            }
        }
    }

    @Test("a client that goes away ends its subscription")
    func disconnect() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                _ = try await connection.event()
                #expect(server.executor.endedSubscriptions == 0)
                try await connection.close()
            }
            #expect(await RunningServer.eventually { server.executor.endedSubscriptions == 1 })
        }
    }

    @Test("revoking the key that opened a stream ends it")
    func revocation() async throws {
        try await RunningServer.with(
            configured {
                $0.timeouts.revalidation = .milliseconds(20)
            }
        ) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                _ = try await connection.event()
                server.executor.emit("{\"data\":1}")
                #expect(try await connection.event() == "event: next\ndata: {\"data\":1}\n\n")
                server.access.revoke()
                #expect(try await connection.event()?.contains("UNAUTHENTICATED") == true)
                #expect(try await connection.event() == "event: complete\ndata:\n\n")
                #expect(await connection.isAtEnd() == false)
                #expect(try await connection.event() == nil)
            }
            #expect(await RunningServer.eventually { server.executor.endedSubscriptions == 1 })
        }
    }

    @Test("a key of which nobody can say whether it is still good ends nothing, until it is known")
    func unknownStanding() async throws {
        try await RunningServer.with(configured { $0.timeouts.revalidation = .milliseconds(5) }) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                _ = try await connection.event()
                server.access.lose()
                try await Task.sleep(for: .milliseconds(100))
                server.executor.emit("{\"data\":1}")
                #expect(try await connection.event() == "event: next\ndata: {\"data\":1}\n\n")
                server.access.revoke()
                #expect(try await connection.event()?.contains("UNAUTHENTICATED") == true)
            }
        }
    }

    @Test("without looking, a revoked key would go on listening")
    func unlooked() async throws {
        try await RunningServer.with(configured { $0.timeouts.revalidation = .seconds(3_600) }) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                _ = try await connection.event()
                server.access.revoke()
                server.executor.emit("{\"data\":1}")
                #expect(try await connection.event() == "event: next\ndata: {\"data\":1}\n\n")
            }
        }
    }

    @Test("a client that leaves what was sent unread is cut off")
    func stalled() async throws {
        try await RunningServer.with(configured { $0.timeouts.stalledWrite = .milliseconds(100) }) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                _ = try await connection.event()
                let filler = String(repeating: "x", count: 1_000_000)
                for _ in 0..<40 { server.executor.emit("{\"filler\":\"\(filler)\"}") }
                #expect(await RunningServer.eventually { server.executor.endedSubscriptions == 1 })
            }
        }
    }

    /// What is remembered of a key may be as old as it may be, just when a stream looks: the two add up, and leave a part
    /// of the second for the look itself.
    @Test("a revocation that nobody announces is seen within a second, by the defaults")
    func revalidation() {
        #expect(ServerTimeouts().revalidation + AccessMemory.liveLifetime <= .milliseconds(800))
    }

    @Test("an organization's streams have a cap, and a closed one gives its place back")
    func cap() async throws {
        try await RunningServer.with(
            configured {
                $0.limits.streamsPerOrganization = 1
            }
        ) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                let second = try await ask(server.port, Self.subscribe())
                #expect(second.status == 429)
                #expect(second["retry-after"] == "5")
            }
            let port = server.port
            let isFree = await RunningServer.eventually {
                let status = try? await RawConnection.with(port: port) { connection in
                    try await connection.send(Self.subscribe())
                    return try await connection.head().status
                }
                return status == 200
            }
            #expect(isFree)
        }
    }

    @Test("a slow reader holds the feed back, and nothing is lost")
    func backPressure() async throws {
        // A heartbeat between two events would be taken for one.
        try await RunningServer.with(configured { $0.timeouts.heartbeat = .seconds(600) }) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(Self.subscribe())
                _ = try await connection.head()
                _ = try await connection.event()
                let filler = String(repeating: "x", count: 60_000)
                for number in 0..<200 { server.executor.emit("{\"n\":\(number),\"filler\":\"\(filler)\"}") }
                for number in 0..<200 {
                    #expect(try await connection.event()?.hasPrefix("event: next\ndata: {\"n\":\(number),") == true)
                }
            }
        }
    }
}
