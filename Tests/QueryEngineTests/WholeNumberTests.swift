import GraphQL
import OrderedCollections
import QueryEngine
import Testing

/// Whole numbers that `Int` does not hold: an error where each stands, and null as far as the rules carry it.
@Suite struct WholeNumberTests {
    private static let sdl = """
        extend type Message {
          maybe: MaybeTotal! @aggregate(table: "message_counts", key: "message_id")
          sure: SureTotal! @aggregate(table: "message_counts", key: "message_id")
        }
        type MaybeTotal { count: Int @measure(function: MAX, column: "count") rows: Int! @measure(function: COUNT) }
        type SureTotal { count: Int! @measure(function: SUM, column: "count") }
        """

    /// Of the second message.
    private static func tables(_ count: Int64) -> String {
        """
        CREATE TABLE message_counts (org_id uuid, message_id uuid, count bigint, PRIMARY KEY (org_id, message_id));
        SELECT protect_tenant_table('message_counts');
        GRANT SELECT ON message_counts TO switchboard_tenant;
        INSERT INTO message_counts VALUES ('\(Clinic.alpha.id)', '\(Clinic.alpha.message(2))', \(count)),
          ('\(Clinic.alpha.id)', '\(Clinic.alpha.message(1))', 5);
        """
    }

    private func expect(
        _ document: String, _ count: Int64 = 3_000_000_000, answers data: JSONValue, with paths: [[PathElement]],
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        try await withWorld(adding: Self.sdl, tables: Self.tables(count)) { world in
            let response = await world.execute(
                document, ["id": .string(Clinic.id("msg", Clinic.alpha.message(2)))], as: Clinic.alpha.caller())
            #expect(response.failure == nil, sourceLocation: sourceLocation)
            let answer = try JSONValue(parsing: response.bytes)
            #expect(answer["data"] == data, sourceLocation: sourceLocation)
            #expect(response.errors.map(\.path) == paths, sourceLocation: sourceLocation)
            #expect(response.errors.allSatisfy { $0.code == .intOutOfRange && $0.locations.count == 1 })
            let errors = answer["errors"]?.arrayValue ?? []
            #expect(errors.count == paths.count, sourceLocation: sourceLocation)
        }
    }

    @Test func `one number too many is null where it stands, and every other field is answered`() async throws {
        try await expect(
            """
            query ($id: ID!) {
              messages(first: 3, orderBy: CREATED_AT_ASC) { nodes { maybe { count rows again: count } } totalCount }
              message(id: $id) { ...Counted segments }
              contacts { totalCount }
            }
            fragment Counted on Message { maybe { theCountUnderAKeyThatIsLongerThanPostgresqlsNamesMayBe_which_is_63: count } }
            """,
            answers: [
                "messages": [
                    "nodes": [
                        ["maybe": ["count": 5, "rows": 1, "again": 5]],
                        ["maybe": ["count": .null, "rows": 1, "again": .null]],
                        ["maybe": ["count": .null, "rows": 0, "again": .null]],
                    ], "totalCount": 7,
                ],
                "message": [
                    "maybe": ["theCountUnderAKeyThatIsLongerThanPostgresqlsNamesMayBe_which_is_63": .null],
                    "segments": 2,
                ],
                "contacts": ["totalCount": 3],
            ],
            with: [
                [.key("messages"), .key("nodes"), .index(1), .key("maybe"), .key("count")],
                [.key("messages"), .key("nodes"), .index(1), .key("maybe"), .key("again")],
                [
                    .key("message"), .key("maybe"),
                    .key("theCountUnderAKeyThatIsLongerThanPostgresqlsNamesMayBe_which_is_63"),
                ],
            ])
    }

    @Test func `where null may not be, it goes on to the first that may, and no further`() async throws {
        try await expect(
            """
            query ($id: ID!) {
              message(id: $id) { id sure { count } }
              node(id: $id) { __typename id ... on Message { s: sure { count } } ... on Contact { name } }
              contacts { totalCount }
            }
            """,
            answers: ["message": .null, "node": .null, "contacts": ["totalCount": 3]],
            with: [
                [.key("message"), .key("sure"), .key("count")], [.key("node"), .key("s"), .key("count")],
            ])
    }

    @Test func `behind an interface, what fits is answered as the type that it is`() async throws {
        try await expect(
            """
            query ($id: ID!) {
              node(id: $id) { __typename ... on Contact { name } ... on Message { maybe { count rows } } }
            }
            """,
            answers: ["node": ["__typename": "Message", "maybe": ["count": .null, "rows": 1]]],
            with: [[.key("node"), .key("maybe"), .key("count")]])
    }

    @Test func `where nothing on the way up may be null, data is`() async throws {
        try await expect(
            "{ messages(orderBy: CREATED_AT_ASC) { nodes { sure { count } } } contacts { totalCount } }",
            answers: .null,
            with: [[.key("messages"), .key("nodes"), .index(1), .key("sure"), .key("count")]])
    }

    /// The control: what 32 bits hold is no error, to the last.
    @Test(arguments: [Int64(Int32.max), Int64(Int32.min)])
    func `the largest and the smallest that fit are answered`(count: Int64) async throws {
        try await expect(
            "query ($id: ID!) { message(id: $id) { maybe { count } sure { count } } }", count,
            answers: ["message": ["maybe": ["count": .int(count)], "sure": ["count": .int(count)]]], with: [])
    }

    @Test func `the platform's numbers are told in the same way`() async throws {
        try await withWorld { world in
            try await world.sql("UPDATE usage_counters SET count = 3000000000")
            let response = await world.execute(
                "{ platform { organizations { nodes { slug messages } } } }", as: Clinic.platform)
            #expect(
                response.errors.map(\.path) == [
                    [.key("platform"), .key("organizations"), .key("nodes"), .index(0), .key("messages")]
                ])
            #expect(try JSONValue(parsing: response.bytes)["data"] == .null)
            let others = await world.execute("{ platform { organizations { nodes { slug } } } }", as: Clinic.platform)
            #expect(others.errors.isEmpty)
        }
    }
}
