import GraphQL
import OrderedCollections
import QueryEngine
import Testing

@Suite struct PagingTests {
    private static let walk = """
        query Walk($first: Int, $after: String, $last: Int, $before: String, $order: MessageOrder) {
          messages(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
            nodes { id }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }
        """

    private func ids(_ answer: JSONValue) -> [String] {
        answer["data"]?["messages"]?["nodes"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    }

    private func info(_ answer: JSONValue, _ field: String) -> JSONValue {
        answer["data"]?["messages"]?["pageInfo"]?[field] ?? .null
    }

    private func expected(_ indices: [Int]) -> [String] {
        indices.map { Clinic.id("msg", Clinic.alpha.message($0)) }
    }

    @Test(arguments: ["CREATED_AT_ASC", "CREATED_AT_DESC"], [1, 2, 3, 7, 50])
    func `walking forward sees every row once, also rows of the same microsecond`(order: String, size: Int) async throws
    {
        try await withWorld { world in
            var seen: [String] = []
            var after = JSONValue.null
            var pages = 0
            while true {
                let answer = try await world.ask(
                    Self.walk, ["first": .int(Int64(size)), "after": after, "order": .string(order)])
                let page = ids(answer)
                seen += page
                pages += 1
                #expect(info(answer, "hasPreviousPage") == .bool(pages > 1))
                guard info(answer, "hasNextPage") == true, pages < 20 else { break }
                #expect(page.count == size)
                after = info(answer, "endCursor")
            }
            let all = expected([1, 2, 3, 4, 5, 6, 7])
            #expect(seen == (order == "CREATED_AT_ASC" ? all : all.reversed()))
            #expect(pages == (7 + size - 1) / size)
        }
    }

    @Test(arguments: ["CREATED_AT_ASC", "CREATED_AT_DESC"], [1, 2, 3, 7])
    func `walking backward sees every row once, each page in the same order`(order: String, size: Int) async throws {
        try await withWorld { world in
            var seen: [String] = []
            var before = JSONValue.null
            var pages = 0
            while true {
                let answer = try await world.ask(
                    Self.walk, ["last": .int(Int64(size)), "before": before, "order": .string(order)])
                seen = ids(answer) + seen
                pages += 1
                #expect(info(answer, "hasNextPage") == .bool(pages > 1))
                guard info(answer, "hasPreviousPage") == true, pages < 20 else { break }
                before = info(answer, "startCursor")
            }
            let all = expected([1, 2, 3, 4, 5, 6, 7])
            #expect(seen == (order == "CREATED_AT_ASC" ? all : all.reversed()))
        }
    }

    @Test func `a page between two cursors holds what lies between`() async throws {
        try await withWorld { world in
            let all = try await world.ask("{ messages(orderBy: CREATED_AT_ASC) { edges { cursor } } }")
            let cursors = all["data"]?["messages"]?["edges"]?.arrayValue?.compactMap { $0["cursor"] } ?? []
            try #require(cursors.count == 7)
            let answer = try await world.ask(
                Self.walk, ["after": cursors[1], "before": cursors[5], "order": "CREATED_AT_ASC"])
            #expect(ids(answer) == expected([3, 4, 5]))
            #expect(info(answer, "hasNextPage") == true)
            #expect(info(answer, "hasPreviousPage") == true)
        }
    }

    @Test func `an empty page has no cursors`() async throws {
        try await withWorld { world in
            let answer = try await world.ask(Self.walk, ["first": 0])
            #expect(ids(answer).isEmpty)
            #expect(info(answer, "hasNextPage") == true)
            #expect(info(answer, "startCursor") == .null && info(answer, "endCursor") == .null)
        }
    }

    @Test(arguments: [
        "messages(first: 1001)", "messages(first: -1)", "messages(last: 1001)", "messages(first: 1, last: 1)",
        "contacts { nodes { messages(first: 1001) { totalCount } } } m: messages",
    ])
    func `a page size out of range is refused, never cut`(field: String) async throws {
        try await withWorld { world in
            let response = await world.execute("{ \(field) { totalCount } }", as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.badPageSize])
            #expect(response.failure == .request)
        }
    }

    @Test func `page sizes by variable are held to the same range`() async throws {
        try await withWorld { world in
            for size in [-1, 1001, 2_147_483_647] {
                let response = await world.execute(
                    Self.walk, ["first": .int(Int64(size))], as: Clinic.alpha.caller())
                #expect(response.errors.map(\.code) == [.badPageSize])
            }
        }
    }

    @Test func `what could read too much is refused before the database is asked`() async throws {
        try await withWorld { world in
            let response = await world.execute(
                "{ contacts(first: 1000) { nodes { messages(first: 1000) { nodes { id } } } } }",
                as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.costExceeded])
            #expect(response.errors.first?.extensions["limit"] == 25_000)
            #expect(response.errors.first?.extensions["measured"] == 1_002_001)
        }
    }

    @Test(arguments: [
        "garbage", "", "MTIz", "!!!", "bm90IGEgY3Vyc29y", "'; DROP TABLE messages; --", "\u{1F4A9}",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ])
    func `a cursor that was never given out is one clear error`(cursor: String) async throws {
        try await withWorld { world in
            let response = await world.execute(Self.walk, ["after": .string(cursor)], as: Clinic.alpha.caller())
            #expect(response.errors.map(\.code) == [.badCursor])
        }
    }

    @Test(arguments: [
        "{ messages(after: \"garbage\") { totalCount } }", "{ messages(before: \"garbage\") { __typename } }",
        "{ a: contacts { nodes { id } } b: messages(after: \"garbage\") { nodes { id } } c: organization { id } }",
        "{ contacts { nodes { messages(after: \"garbage\") { nodes { id } } } } }",
        """
        mutation { createContact(input: {phone: "+14155550199"}) {
          contact { messages(first: 1, after: "garbage") { totalCount } } } }
        """,
        "{ a: contacts { totalCount } b: messages(filter: {bodyContains: \"\\u0000\"}) { totalCount } }",
    ])
    func `a cursor or text that cannot be asked with is one error, before anything is executed`(
        document: String
    ) async throws {
        try await withWorld { world in
            let response = await world.execute(document, as: Clinic.alpha.caller())
            #expect(response.failure == .request)
            #expect(response.errors.count == 1)
            #expect(response.errors.first?.locations.count == 1)
            let answer = try JSONValue(parsing: response.bytes)
            #expect(answer["data"] == nil)
            let made = try await world.sql("SELECT count(*) FROM contacts WHERE phone = '+14155550199'")
            #expect(made == "0")
        }
    }

    @Test func `a cursor of another field, order or clinic is that same error`() async throws {
        try await withWorld { world in
            let cursors = try await world.ask(
                """
                { messages(orderBy: CREATED_AT_ASC, first: 1) { edges { cursor } }
                  contacts(first: 1) { edges { cursor } nodes { messages(first: 1) { edges { cursor } } } } }
                """)
            func cursor(_ connection: JSONValue?) -> JSONValue {
                connection?["edges"]?.arrayValue?.first?["cursor"] ?? .null
            }
            let own = cursor(cursors["data"]?["messages"])
            let others = [
                cursor(cursors["data"]?["contacts"]),
                cursor(cursors["data"]?["contacts"]?["nodes"]?.arrayValue?.first?["messages"]),
            ]
            for other in others {
                let response = await world.execute(
                    Self.walk, ["after": other, "order": "CREATED_AT_ASC"], as: Clinic.alpha.caller())
                #expect(response.errors.map(\.code) == [.badCursor])
            }
            let otherOrder = await world.execute(
                Self.walk, ["after": own, "order": "CREATED_AT_DESC"], as: Clinic.alpha.caller())
            #expect(otherOrder.errors.map(\.code) == [.badCursor])
            let otherClinic = await world.execute(
                Self.walk, ["after": own, "order": "CREATED_AT_ASC"], as: Clinic.beta.caller())
            #expect(otherClinic.errors.map(\.code) == [.badCursor])
            // The control: where it belongs, it serves.
            let right = await world.execute(
                Self.walk, ["after": own, "order": "CREATED_AT_ASC"], as: Clinic.alpha.caller())
            #expect(right.errors.isEmpty)
        }
    }
}
