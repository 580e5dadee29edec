import Accounts
import Audit
import Foundation
import GraphQL
import QueryEngine
import Server
import TestSupport
import TestWorld
import Testing

@Suite("Live streams over the real engine", .timeLimit(.minutes(2)))
struct RealStreamTests {
    private static func subscribe(_ headers: [String: String] = [:]) -> String {
        request(
            body: body("subscription { messageChanged { body } }"),
            headers.merging(["Accept": "text/event-stream"]) { own, _ in own })
    }

    /// The next event that is no heartbeat.
    private static func event(_ connection: RawConnection) async throws -> String? {
        while let event = try await connection.event() {
            if event != ":\n\n" { return event }
        }
        return nil
    }

    private static func id(_ event: String?) throws -> String {
        let line = try #require(event?.split(separator: "\n").first { $0.hasPrefix("id: ") })
        return String(line.dropFirst(4))
    }

    @Test(
        arguments: [
            ("subscription {", "GRAPHQL_PARSE_FAILED"), ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription A { __typename }", "GRAPHQL_VALIDATION_FAILED"),
            (
                "subscription A { syncProgress { id } } subscription B { syncProgress { id } }",
                "OPERATION_RESOLUTION_FAILURE"
            ),
            ("subscription ($f: MessageFilter!) { messageChanged(filter: $f) { id } }", "BAD_USER_INPUT"),
            ("mutation { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ])
    func `tell what is wrong with a document in one event, with status 200`(_ document: String, _ code: String)
        async throws
    {
        try await RealServer.with { server in
            for method in ["POST", "GET"] {
                let text =
                    method == "POST"
                    ? request(body: body(document), ["Accept": "text/event-stream"])
                    : request("GET", "/graphql?query=\(Named.percent(document))", ["Accept": "text/event-stream"])
                let response = try await server.ask(text)
                #expect(response.status == 200)
                #expect(response["content-type"] == "text/event-stream; charset=utf-8")
                let events = response.text.components(separatedBy: "\n\n").filter { $0 != ":" && !$0.isEmpty }
                #expect(events.count == 2)
                #expect(events.first?.hasPrefix("event: next\ndata: {\"errors\":") == true)
                #expect(events.first?.contains(code) == true, "\(response.text)")
                #expect(events.last == "event: complete\ndata:")
            }
        }
    }

    @Test func `go on after the last event that was seen, and refuse an id that is not theirs`() async throws {
        try await RealServer.with { server in
            let seen = try await RawConnection.with(port: server.port) { connection in
                try await connection.send(server.signed(Self.subscribe()))
                _ = try await connection.head()
                _ = try await server.world.send("One", as: server.clinic)
                let event = try await Self.event(connection)
                #expect(event?.contains("One") == true)
                return try Self.id(event)
            }
            _ = try await server.world.send("Two", to: "+14155550124", as: server.clinic)
            for method in ["POST", "GET"] {
                try await RawConnection.with(port: server.port) { connection in
                    let text =
                        method == "POST"
                        ? Self.subscribe(["Last-Event-ID": seen])
                        : request(
                            "GET", "/graphql?query=\(Named.percent("subscription { messageChanged { body } }"))",
                            ["Accept": "text/event-stream", "Last-Event-ID": seen])
                    try await connection.send(server.signed(text))
                    _ = try await connection.head()
                    #expect(try await Self.event(connection)?.contains("Two") == true)
                }
            }
            let foreign = try await ask(
                server.port, Self.subscribe(["Last-Event-ID": seen]).replacing("sb_good", with: server.otherKey))
            #expect(foreign.text.contains("BAD_EVENT_ID"))
            #expect(foreign.text.hasSuffix("event: complete\ndata:\n\n"))
        }
    }

    /// How a node may learn of a revocation, or not.
    enum Announcement: CaseIterable {
        case heard
        /// The connection that listens is lost just then.
        case connectionLost
        /// Nothing is ever announced, as when that connection is dead and does not know it.
        case never
    }

    @Test(arguments: Announcement.allCases)
    func `end when the key that opened them is revoked, and no other`(_ announcement: Announcement) async throws {
        try await RealServer.with { server in
            let doomed = try await server.issue(.agent)
            let id = try #require(try await server.world.authenticator.identity(of: doomed)).id
            try await RawConnection.with(port: server.port) { stays in
                try await stays.send(server.signed(Self.subscribe()))
                _ = try await stays.head()
                try await RawConnection.with(port: server.port) { ends in
                    try await ends.send(Self.subscribe().replacing("sb_good", with: doomed))
                    _ = try await ends.head()
                    _ = try await server.world.send("Before", as: server.clinic)
                    #expect(try await Self.event(ends)?.contains("Before") == true)
                    let silently = "UPDATE api_key_lookups SET revoked_at = now() WHERE api_key_id = '\(id)'"
                    switch announcement {
                    case .heard:
                        try await server.world.keys.revoke(id, of: server.clinic.organization, actor: .commandLine)
                    case .connectionLost:
                        try await server.world.data.psql(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = current_database() AND application_name LIKE '%listener';
                            \(silently)
                            """)
                    case .never: try await server.world.data.psql(silently)
                    }
                    // A message that was read before the revocation may still come.
                    #expect(try await Self.event(ends)?.contains("UNAUTHENTICATED") == true)
                    #expect(try await ends.event() == "event: complete\ndata:\n\n")
                    #expect(try await ends.event() == nil)
                    // Negative control: the stream of a live key goes on.
                    _ = try await server.world.send("After", to: "+14155550124", as: server.clinic)
                    #expect(try await Self.event(stays)?.contains("Before") == true)
                    #expect(try await Self.event(stays)?.contains("After") == true)
                    if announcement == .never { return }
                    #expect(
                        try await eventually {
                            try await ask(server.port, Self.subscribe().replacing("sb_good", with: doomed)).status
                                == 401
                        })
                }
            }
        }
    }

    @Test func `outlast a database that was gone for a while`() async throws {
        try await RealServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(server.signed(Self.subscribe()))
                _ = try await connection.head()
                try await server.world.data.psql(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """)
                _ = try await eventually { (try? await server.world.send("Back", as: server.clinic)) != nil }
                #expect(try await Self.event(connection)?.contains("Back") == true)
            }
        }
    }

    @Test func `are so many for an organization, and another's do not count`() async throws {
        try await RealServer.with(configured { $0.limits.streamsPerOrganization = 1 }) { server in
            try await RawConnection.with(port: server.port) { first in
                try await first.send(server.signed(Self.subscribe()))
                _ = try await first.head()
                let second = try await server.ask(Self.subscribe())
                #expect(second.status == 429)
                #expect(second["retry-after"] == "5")
                #expect(StatusTests.code(second) == "TOO_MANY_REQUESTS")
                try await RawConnection.with(port: server.port) { other in
                    try await other.send(Self.subscribe().replacing("sb_good", with: server.otherKey))
                    #expect(try await other.head().status == 200)
                }
            }
        }
    }
}
