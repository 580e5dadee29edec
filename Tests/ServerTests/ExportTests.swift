import GraphQL
import Server
import Testing

/// Answers that are written while they are made.
@Suite struct ExportTests {
    @Test func `all pieces arrive as one document`() async throws {
        try await RunningServer.with { server in
            let response = try await ask(server.port, request(body: body("{ export }")))
            #expect(response.status == 200)
            #expect(response["transfer-encoding"] == "chunked" && response["content-length"] == nil)
            #expect(response["content-type"]?.hasPrefix("application/json") == true)
            let numbers = try JSONValue(parsing: response.body)["data"]?.arrayValue?.compactMap(\.intValue)
            #expect(numbers == Array(0..<1_000))
        }
    }

    @Test func `one that breaks in the middle cannot be taken for a whole one`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(request(body: body("{ brokenExport }")))
                // The last chunk never comes, and the connection ends.
                await #expect(throws: RawConnection.Closed.self) { try await connection.response() }
            }
            #expect(await RunningServer.eventually { server.logged.contains { $0.contains("end=disconnected") } })
        }
    }

    @Test func `a client that goes away ends it`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(request(body: body("{ endlessExport }")))
                #expect(await connection.isAtEnd() == false)
            }
            #expect(await RunningServer.eventually { server.executor.endedSubscriptions == 1 })
        }
    }

    @Test func `in a batch, and in a stream, it is refused`() async throws {
        try await RunningServer.with { server in
            let batch = try await ask(server.port, request(body: "[\(body("{ export }"))]"))
            #expect(batch.text.contains("BAD_PAGE_SIZE"))
            let stream = try await ask(
                server.port, request(body: body("{ export }"), ["Accept": "text/event-stream"]))
            #expect(stream.text.contains("BAD_PAGE_SIZE"))
        }
    }
}
