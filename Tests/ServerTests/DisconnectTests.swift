import GraphQL
import Server
import TestSupport
import TestWorld
import Testing

@Suite("A client that goes away", .timeLimit(.minutes(2)))
struct DisconnectTests {
    private static let query = request(body: body("{ contacts { nodes { name } } }"))

    @Test(arguments: [query, request("GET", "/graphql?query=%7Bcontacts%7Bnodes%7Bname%7D%7D%7D"), batch])
    func `ends its statement at the server of the database, and the next ones are answered`(_ text: String) async throws
    {
        try await RealServer.with { server in
            try await server.world.data.psql(SlowContacts.on)
            try await RawConnection.with(port: server.port) { stays in
                try await stays.send(server.signed(Self.query))
                try await server.sleeps(1)
                try await RawConnection.with(port: server.port) { goes in
                    try await goes.send(server.signed(text))
                    try await server.sleeps(2)
                    try await goes.close()
                }
                // Who stays keeps his.
                try await server.sleeps(1)
            }
            try await server.sleeps(0)
            try await server.world.data.psql(SlowContacts.off)
            try await withThrowingTaskGroup(of: RawConnection.Response.self) { group in
                for _ in 0..<40 { group.addTask { try await server.ask(Self.query) } }
                for try await response in group { #expect(response.text.contains("Slow"), "\(response.text)") }
            }
            #expect(try await server.world.value("SELECT count(*) FROM contacts WHERE name = 'Twice'") == "0")
        }
    }

    /// The slow query first; what stands behind it is not begun.
    private static let batch = request(
        body: "[\(body("{ contacts { nodes { name } } }")),"
            + "\(body(#"mutation { createContact(input: {phone: "+15005550009", name: "Twice"}) { contact { id } } }"#))]"
    )

    @Test func `in the midst of a mutation leaves it to be carried out`() async throws {
        try await RealServer.with { server in
            try await server.world.data.psql(SlowContacts.slowWriting)
            try await RawConnection.with(port: server.port) { goes in
                try await goes.send(
                    server.signed(
                        request(
                            body: body(
                                #"mutation { createContact(input: {phone: "+15005550009"}) { contact { id } } }"#))))
                try await server.sleeps(1)
                try await goes.close()
            }
            #expect(try await eventually { try await server.world.count("contacts") == 1 })
        }
    }

    @Test func `between two requests of a connection harms neither`() async throws {
        try await RealServer.with { server in
            for _ in 0..<20 {
                try await RawConnection.with(port: server.port) { connection in
                    for _ in 0..<3 {
                        try await connection.send(server.signed(Self.query))
                        #expect(try await connection.response().status == 200)
                    }
                }
            }
            #expect(try await server.ask(Self.query).status == 200)
        }
    }
}

extension RealServer {
    /// Waits until so many of the tenants' statements sleep.
    fileprivate func sleeps(_ count: Int) async throws {
        #expect(try await eventually { try await world.value(SlowContacts.sleeping) == "\(count)" })
    }
}
