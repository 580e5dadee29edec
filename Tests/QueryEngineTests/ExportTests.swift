import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Testing

/// A connection of which more is asked for than a page may hold.
@Suite struct ExportTests {
    private func export(
        _ world: World, _ document: String, _ variables: OrderedDictionary<String, JSONValue> = [:],
        as caller: Caller = Clinic.alpha.caller()
    ) async -> EngineResponse {
        var request = EngineRequest(document, variables: variables)
        request.allowsExport = true
        return await world.engine.execute(request, caller: caller)
    }

    private var smallPages: EngineConfiguration {
        var configuration = EngineConfiguration()
        configuration.maximumPageSize = 3
        configuration.defaultPageSize = 3
        configuration.maximumExportSize = 100
        return configuration
    }

    static let selections = [
        "nodes { id body contact { name phone } statusEvents { status } }",
        "__typename all: edges { cursor node { to } } again: __typename",
        "edges { c: cursor }", "nodes { __typename }",
        "nodes { \(String(repeating: "k", count: 70)): body }",
    ]

    @Test(arguments: selections)
    func `an export is what a page of that size would be`(selection: String) async throws {
        let document = """
            query E($first: Int!, $order: MessageOrder) { all: messages(first: $first, orderBy: $order) { \(selection) } }
            """
        for order in ["CREATED_AT_ASC", "CREATED_AT_DESC"] {
            let variables: OrderedDictionary<String, JSONValue> = ["first": 6, "order": .string(order)]
            let page = try await withWorld { try await $0.ask(document, variables) }
            let exported = try await withWorld(configuration: smallPages) { world in
                let response = await export(world, document, variables)
                #expect(response.export != nil && response.errors.isEmpty)
                return try JSONValue(parsing: try await response.whole())
            }
            #expect(exported == page)
            #expect(exported["data"]?["all"]?.objectValue?.isEmpty == false)
        }
    }

    @Test func `nothing to export is an empty list`() async throws {
        try await withWorld(configuration: smallPages) { world in
            let response = await export(
                world, "{ messages(first: 50, filter: {bodyContains: \"nowhere\"}) { nodes { id } } }")
            let text = String(decoding: try await response.whole(), as: UTF8.self)
            #expect(text == "{\"data\":{\"messages\":{\"nodes\":[]}}}")
        }
    }

    @Test(arguments: [
        "{ messages(first: 4) { nodes { id } } contacts { totalCount } }",
        "{ messages(first: 4) { nodes { id } pageInfo { hasNextPage } } }",
        "{ messages(first: 4) { nodes { id } edges { cursor } } }",
        "{ messages(first: 4) { totalCount nodes { id } } }",
        "{ messages(first: 4) { __typename } }", "{ messages(last: 4) { nodes { id } } }",
        "{ contacts { nodes { messages(first: 4) { nodes { id } } } } }", "{ messages(first: 101) { nodes { id } } }",
    ])
    func `what cannot be exported is refused before anything is read`(document: String) async throws {
        try await withWorld(configuration: smallPages) { world in
            await world.database.close()
            let response = await export(world, document)
            #expect(response.errors.map(\.code) == [.badPageSize])
            #expect(response.failure == .request)
        }
    }

    @Test func `who cannot take pieces gets no export`() async throws {
        try await withWorld(configuration: smallPages) { world in
            let response = await world.execute("{ messages(first: 4) { nodes { id } } }", as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.badPageSize])
        }
    }

    @Test func `exported rows are not counted in the cost; what is inside each is, for a page of them`() async throws {
        try await withWorld { world in
            let large = await export(world, "{ messages(first: 1000000) { nodes { id } } }")
            #expect(large.errors.isEmpty)
            large.export?.cancel()
            let inside = await export(
                world, "{ contacts(first: 5000) { nodes { messages(first: 100) { nodes { id } } } } }")
            #expect(inside.errors.map(\.code) == [.costExceeded])
        }
    }

    @Test func `a plan for pages is not taken for an export, nor the other way round`() async throws {
        try await withWorld(configuration: smallPages) { world in
            let document = "query E($first: Int!) { messages(first: $first) { nodes { segments } } }"
            for (first, isExport) in [(3, false), (4, true), (2, false), (7, true)] {
                let response = await export(world, document, ["first": .int(Int64(first))])
                #expect((response.export != nil) == isExport)
                let nodes = try JSONValue(parsing: try await response.whole())["data"]?["messages"]?["nodes"]
                #expect(nodes?.arrayValue?.count == first)
            }
            #expect(world.engine.counts.plans == 2)
        }
    }

    @Test func `an export of one organization holds nothing of another, with either lock removed`() async throws {
        var open = SQLOptions()
        open.writesTenantPredicate = false
        for (options, removes) in [(SQLOptions(), true), (open, false)] {
            try await withWorld(configuration: smallPages, sql: options) { world in
                if removes { try await world.sql("ALTER TABLE messages DISABLE ROW LEVEL SECURITY") }
                let response = await export(world, "{ messages(first: 100) { nodes { body } } }")
                let text = String(decoding: try await response.whole(), as: UTF8.self)
                #expect(text.contains("alpha message 7") && !text.contains("beta"))
            }
        }
    }

    @Test func `what breaks in the middle is thrown, and what went before does not look whole`() async throws {
        let sdl = """
            extend type Message { total: MessageTotal! @aggregate(table: "message_counts", key: "message_id") }
            type MessageTotal { count: Int! @measure(function: SUM, column: "count") }
            """
        let tables = """
            CREATE TABLE message_counts (org_id uuid, message_id uuid, count bigint, PRIMARY KEY (org_id, message_id));
            SELECT protect_tenant_table('message_counts');
            GRANT SELECT ON message_counts TO switchboard_tenant;
            INSERT INTO message_counts VALUES ('\(Clinic.alpha.id)', '\(Clinic.alpha.message(1))', 3000000000);
            """
        try await withWorld(configuration: smallPages, adding: sdl, tables: tables) { world in
            let response = await export(world, "{ messages(first: 10) { nodes { segments total { count } } } }")
            var bytes: [UInt8] = []
            await #expect(throws: ExportBroken.self) {
                for try await piece in try #require(response.export) {
                    piece.forEachPiece { bytes.append(contentsOf: $0) }
                }
            }
            #expect(String(decoding: bytes, as: UTF8.self).contains("\"segments\":7"))
            #expect(throws: (any Error).self) { try JSONValue(parsing: bytes) }
            // When nothing could be read at all, it is an error like any other.
            try await world.sql("DELETE FROM message_status_events; DELETE FROM messages WHERE segments > 1")
            let first = await export(world, "{ messages(first: 10) { nodes { total { count } } } }")
            #expect(first.export == nil && first.errors.map(\.code) == [.intOutOfRange])
        }
    }

    @Test func `a hundred thousand messages pass through a quarter of a megabyte`() async throws {
        try await withWorld(connections: 1) { world in
            try await world.sql(
                """
                INSERT INTO messages (org_id, direction, status, to_address, body, segments, contact_id, conversation_id,
                                      credential_id, created_at)
                SELECT '\(Clinic.alpha.id)', 'OUTBOUND', 'DELIVERED', '+14155550101', 'Your appointment, number ' || i, 1,
                       '\(Clinic.alpha.contact(1))', '\(Clinic.alpha.conversation(1))', '\(Clinic.alpha.credential)',
                       '2026-04-01T00:00:00Z'::timestamptz + i * interval '1 second'
                FROM generate_series(1, 99993) i
                """)
            let response = await export(
                world,
                "{ messages(first: 100000) { nodes { id body status direction createdAt contact { name phone } } } }")
            let export = try #require(response.export)
            var (rows, bytes, largest) = (0, 0, 0)
            for try await piece in export {
                bytes += piece.byteCount
                largest = max(largest, piece.byteCount)
                piece.forEachPiece { part in rows += part.elementsEqual(",\n".utf8) ? 1 : 0 }
                #expect(await export.mostBuffered <= 264 * 1_024)
            }
            #expect(rows == 99_999)
            #expect(bytes > 15_000_000)
            #expect(largest <= 264 * 1_024)
            // The connection is free again.
            let count = try await world.ask("{ messages { totalCount } }")
            #expect(count["data"]?["messages"]?["totalCount"] == 100_000)
        }
    }
}
