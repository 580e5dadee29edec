import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

/// Subscribers that ask the same share the statements; those that do not, do not.
@Suite struct SharedRunTests {
    private static let changed = """
        subscription S($filter: MessageFilter) { messageChanged(filter: $filter) { id status } }
        """

    private func subscribe(
        _ world: World, _ document: String = changed, _ filter: JSONValue = .null, as caller: Caller
    ) async -> EventStream.AsyncIterator {
        await world.engine.subscribe(EngineRequest(document, variables: ["filter": filter]), caller: caller)
            .makeAsyncIterator()
    }

    private func record(_ world: World, _ messages: [Int], of clinic: Clinic = .alpha) async throws {
        try await world.database.withTenant(clinic.id) { transaction in
            try await Changes.record("message", messages.map { clinic.message($0) }, in: transaction)
        }
    }

    private func ids(_ stream: EventStream.AsyncIterator, _ count: Int) async throws -> [String] {
        var stream = stream
        var ids: [String] = []
        for _ in 0..<count {
            let event = await stream.next()
            let json = try event.map { try JSONValue(parsing: $0.response.bytes) }
            ids.append(json?["data"]?["messageChanged"]?["id"]?.stringValue ?? "?")
        }
        return ids
    }

    @Test(.timeLimit(.minutes(1)))
    func `fifty who ask the same cost one statement for each batch of changes`() async throws {
        try await withWorld { world in
            var streams: [EventStream.AsyncIterator] = []
            for _ in 0..<50 { streams.append(await subscribe(world, as: Clinic.alpha.caller())) }
            let expected = [1, 2, 3].map { Clinic.id("msg", Clinic.alpha.message($0)) }
            try await record(world, [1, 2, 3])
            for stream in streams { #expect(try await ids(stream, 3) == expected) }
            #expect(world.engine.counts.feedRuns == 1)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `at the same time as well as one after the other`() async throws {
        try await withWorld { world in
            var streams: [EventStream.AsyncIterator] = []
            for _ in 0..<20 { streams.append(await subscribe(world, as: Clinic.alpha.caller())) }
            try await record(world, [4])
            let expected = [Clinic.id("msg", Clinic.alpha.message(4))]
            let all = try await withThrowingTaskGroup(of: [String].self) { group in
                for stream in streams { group.addTask { try await ids(stream, 1) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(all == Array(repeating: expected, count: 20))
            #expect(world.engine.counts.feedRuns == 1)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `another selection, filter, role or organization is a run of its own`() async throws {
        try await withWorld { world in
            let streams = [
                await subscribe(world, as: Clinic.alpha.caller()),
                await subscribe(world, ["direction": "INBOUND"], as: Clinic.alpha.caller()),
                await subscribe(world, ["bodyContains": "alpha"], as: Clinic.alpha.caller()),
                await subscribe(world, ["bodyContains": "message"], as: Clinic.alpha.caller()),
                await subscribe(world, as: Clinic.alpha.caller(.viewer)),
                await subscribe(world, "subscription { messageChanged { id } }", as: Clinic.alpha.caller()),
            ]
            let beta = await subscribe(world, as: Clinic.beta.caller())
            try await record(world, [2])
            try await record(world, [2], of: .beta)
            let own = [Clinic.id("msg", Clinic.alpha.message(2))]
            for stream in streams { #expect(try await ids(stream, 1) == own) }
            let others = [Clinic.id("msg", Clinic.beta.message(2))]
            #expect(try await ids(beta, 1) == others)
            #expect(world.engine.counts.feedRuns == 7)
        }
    }

    private func subscribe(_ world: World, _ filter: JSONValue, as caller: Caller) async -> EventStream.AsyncIterator {
        await subscribe(world, Self.changed, filter, as: caller)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a row that cannot be read is told once, and holds up none of the others`() async throws {
        let sdl = """
            extend type Message { total: MessageTotal! @aggregate(table: "message_counts", key: "message_id") }
            type MessageTotal { count: Int! @measure(function: SUM, column: "count") }
            """
        let tables = """
            CREATE TABLE message_counts (org_id uuid, message_id uuid, count bigint, PRIMARY KEY (org_id, message_id));
            SELECT protect_tenant_table('message_counts');
            GRANT SELECT ON message_counts TO switchboard_tenant;
            INSERT INTO message_counts VALUES ('\(Clinic.alpha.id)', '\(Clinic.alpha.message(2))', 3000000000);
            """
        try await withWorld(adding: sdl, tables: tables) { world in
            var events = await world.engine.subscribe(
                EngineRequest("subscription { messageChanged { id total { count } } }"), caller: Clinic.alpha.caller()
            ).makeAsyncIterator()
            try await record(world, [1, 2, 3])
            #expect(await events.next()?.response.errors.map(\.code) == [])
            let failed = await events.next()
            #expect(failed?.response.errors.map(\.code) == [.intOutOfRange])
            #expect(failed?.id != nil)
            #expect(await events.next()?.response.errors.map(\.code) == [])
        }
    }
}
