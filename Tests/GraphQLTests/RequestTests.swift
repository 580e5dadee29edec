import GraphQL
import OrderedCollections
import Testing

@Suite struct RequestTests {
    private func body(_ text: String, batchLimit: Int = 0) throws -> GraphQLRequestBody {
        try GraphQLRequestBody(parsing: Array(text.utf8), batchLimit: batchLimit)
    }

    @Test func `a body holds a request; null counts as absent`() throws {
        let full = try body(
            #"{"query":"{ a }","operationName":"q","variables":{"a":null},"extensions":{"x":1},"other":[]}"#)
        #expect(
            full
                == .single(
                    GraphQLRequest(
                        query: Array("{ a }".utf8), operationName: "q", variables: ["a": .null], extensions: ["x": 1])))
        let nulls = try body(#"{"query":"{ a }","operationName":null,"variables":null,"extensions":null}"#)
        #expect(nulls == .single(GraphQLRequest(query: Array("{ a }".utf8))))
        #expect(throws: Never.self) { try body(#"{"extensions":{"persistedQuery":{"version":1}}}"#) }
    }

    @Test(
        "Bodies of a wrong kind are refused",
        arguments: [
            "", "{", "1", "null", "[]", "{}", #"{"query":null}"#, #"{"query":1}"#, #"{"query":"","variables":[]}"#,
            #"{"query":"","variables":"{}"}"#, #"{"query":"","operationName":1}"#, #"{"query":"","extensions":false}"#,
            #"{"query":"a","query":"b"}"#, #"[{"query":"{ a }"}]"#,
        ])
    func refused(_ text: String) {
        let error = #expect(throws: GraphQLError.self) { try body(text) }
        #expect(error?.code == .badRequest)
    }

    @Test func `batches are taken up to their limit`() throws {
        let one = #"{"query":"{ a }"}"#
        #expect(
            try body("[\(one),\(one)]", batchLimit: 2)
                == .batch(Array(repeating: GraphQLRequest(query: Array("{ a }".utf8)), count: 2)))
        let error = #expect(throws: GraphQLError.self) { try body("[\(one),\(one),\(one)]", batchLimit: 2) }
        #expect(error?.code == .batchTooLarge && error?.extensions == ["measured": 3, "limit": 2])
        #expect(throws: GraphQLError.self) { try body("[]", batchLimit: 2) }
    }

    @Test func `a GET carries the same in its parameters`() throws {
        let request = try GraphQLRequest(queryItems: [
            (name: "query", value: "{ a }"), (name: "variables", value: #"{"x":1}"#),
            (name: "operationName", value: ""),
            (name: "extensions", value: "null"), (name: "utm", value: "1"), (name: "utm", value: "2"),
        ])
        #expect(request == GraphQLRequest(query: Array("{ a }".utf8), variables: ["x": 1]))
        let wrong: [[(name: String, value: String)]] = [
            [], [(name: "query", value: "a"), (name: "query", value: "b")],
            [(name: "query", value: "a"), (name: "variables", value: "[]")],
            [(name: "query", value: "a"), (name: "extensions", value: "{")],
        ]
        for items in wrong {
            let error = #expect(throws: GraphQLError.self) { try GraphQLRequest(queryItems: items) }
            #expect(error?.code == .badRequest)
        }
    }
}
