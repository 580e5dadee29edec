import GraphQL
import QueryEngine
import Server
import TestSupport
import TestWorld
import Testing

@Suite("GraphQL over HTTP: the table of answers, over the real engine", .timeLimit(.minutes(2)), .sharedServer)
struct TableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let request: String
        let modern: Int
        let legacy: Int
        var code: String?
        var header: (String, String)?
        var hasData = false

        init(
            _ what: String, _ request: String, _ modern: Int, _ legacy: Int, code: String? = nil,
            header: (String, String)? = nil, hasData: Bool = false
        ) {
            self.what = what
            self.request = request
            self.modern = modern
            self.legacy = legacy
            self.code = code
            self.header = header
            self.hasData = hasData
        }

        var testDescription: String { what }
    }

    private static func post(_ json: String) -> String { ServerTests.request(body: json) }

    private static func get(_ query: String) -> String { ServerTests.request("GET", "/graphql?\(query)") }

    static let rows: [Row] = [
        Row("data, no errors", post(body("{ viewer { role } }")), 200, 200, hasData: true),
        Row("data by GET", get("query=%7B+viewer+%7B+role+%7D+%7D"), 200, 200, hasData: true),
        Row("a document that does not parse", post(body("{ viewer {")), 400, 200, code: "GRAPHQL_PARSE_FAILED"),
        Row("an empty document", post(body("")), 400, 200, code: "GRAPHQL_PARSE_FAILED"),
        Row(
            "a field that is not there", post(body("{ viewer { rolle } }")), 400, 200, code: "GRAPHQL_VALIDATION_FAILED"
        ),
        Row("the same by GET", get("query=%7B+viewer+%7B+rolle+%7D+%7D"), 400, 200, code: "GRAPHQL_VALIDATION_FAILED"),
        Row(
            "two operations and no name", post(body("query A { __typename } query B { __typename }")), 400, 200,
            code: "OPERATION_RESOLUTION_FAILURE"),
        Row(
            "a name that no operation has", post(#"{"query":"query A { __typename }","operationName":"B"}"#), 400, 200,
            code: "OPERATION_RESOLUTION_FAILURE"),
        Row(
            "a variable that is missing", post(body("query ($id: ID!) { node(id: $id) { id } }")), 400, 200,
            code: "BAD_USER_INPUT"),
        Row(
            "a variable of a wrong kind",
            post(#"{"query":"query ($n: Int) { contacts(first: $n) { totalCount } }","variables":{"n":"x"}}"#), 400,
            200,
            code: "BAD_USER_INPUT"),
        Row(
            "a document over a limit", post(body("{" + (0..<60).map { " a\($0): __typename" }.joined() + "}")), 400,
            200, code: "TOO_MANY_ROOT_FIELDS"),
        Row("a body that is not JSON", post("{\"query\": }"), 400, 400, code: "BAD_REQUEST"),
        Row("a body that is no object", post("7"), 400, 400, code: "BAD_REQUEST"),
        Row("no query", post("{}"), 400, 400, code: "BAD_REQUEST"),
        Row("no query by GET", get("operationName=A"), 400, 400, code: "BAD_REQUEST"),
        Row("a query of a wrong kind", post(#"{"query":7}"#), 400, 400, code: "BAD_REQUEST"),
        Row(
            "variables of a wrong kind", post(#"{"query":"{ __typename }","variables":[7]}"#), 400, 400,
            code: "BAD_REQUEST"),
        Row(
            "an operation name of a wrong kind", post(#"{"query":"{ __typename }","operationName":{}}"#), 400, 400,
            code: "BAD_REQUEST"),
        Row(
            "extensions of a wrong kind", post(#"{"query":"{ __typename }","extensions":"x"}"#), 400, 400,
            code: "BAD_REQUEST"),
        Row(
            "variables by GET that are no JSON", get("query=%7B__typename%7D&variables=%7B"), 400, 400,
            code: "BAD_REQUEST"),
        Row(
            "extensions by GET of a wrong kind", get("query=%7B__typename%7D&extensions=%5B%5D"), 400, 400,
            code: "BAD_REQUEST"),
        Row(
            "a wrong Content-Type", request(body: body("{ __typename }"), ["Content-Type": "text/plain"]), 415, 415,
            code: "UNSUPPORTED_MEDIA_TYPE"),
        Row(
            "no Content-Type", request(body: body("{ __typename }"), ["Content-Type": ""]), 415, 415,
            code: "UNSUPPORTED_MEDIA_TYPE"),
        Row(
            "a mutation by GET", get("query=mutation+%7B+__typename+%7D"), 405, 405, code: "MUTATION_NOT_ALLOWED",
            header: ("allow", "POST")),
        Row(
            "another method", request("DELETE", "/graphql"), 405, 405, code: "METHOD_NOT_ALLOWED",
            header: ("allow", "GET, POST")),
        Row(
            "not signed in", request(body: body("{ __typename }"), bearer: nil), 401, 401, code: "UNAUTHENTICATED",
            header: ("www-authenticate", "Bearer")),
        Row(
            "a key that is not known", request(body: body("{ __typename }"), bearer: "sb_live_unknown"), 401, 401,
            code: "UNAUTHENTICATED", header: ("www-authenticate", "Bearer")),
        Row(
            "what an owner of an organization may not ask", post(body("{ platform { organizations { totalCount } } }")),
            403, 403, code: "FORBIDDEN"),
        Row(
            "a body that is too large", post(body("{ __typename }") + String(repeating: " ", count: 1_048_576)), 413,
            413, code: "BODY_TOO_LARGE"),
        Row(
            "a URL that is too long", get("query=" + String(repeating: "x", count: 20_000)), 414, 414,
            code: "URI_TOO_LONG"),
        Row(
            "headers that are too large",
            request(body: body("{ __typename }"), ["X-Large": String(repeating: "x", count: 40_000)]), 431, 431,
            code: "HEADERS_TOO_LARGE"),
        Row(
            "a subscription where no stream is accepted", post(body("subscription { messageChanged { id } }")), 406,
            406, code: "NOT_ACCEPTABLE"),
    ]

    @Test(arguments: rows, ["application/graphql-response+json", "application/json"])
    func `answers`(_ row: Row, accept: String) async throws {
        let server = try SharedServer.current
        let request = row.request.replacing("\r\n", with: "\r\nAccept: \(accept)\r\n", maxReplacements: 1)
        let response = try await server.ask(request)
        #expect(response.status == (accept == "application/json" ? row.legacy : row.modern), "\(response.text)")
        #expect(StatusTests.code(response) == row.code, "\(response.text)")
        if let (name, value) = row.header { #expect(response[name] == value) }
        #expect(try JSONValue(parsing: response.body)["data"]?.isNull == (row.hasData ? false : nil))
        // What stands before the parser's own limits is refused before anybody looks at what is accepted.
        if row.modern < 413 || row.modern == 415 {
            let plain = row.modern == 405 && row.code == "METHOD_NOT_ALLOWED"
            #expect(response["content-type"] == (plain ? "application/json" : accept) + "; charset=utf-8")
        }
    }

    @Test(arguments: ["application/graphql-response+json", "application/json"])
    func `what fails while it is carried out is 200, with data and errors`(accept: String) async throws {
        var configuration = EngineConfiguration()
        configuration.statementTimeout = .milliseconds(100)
        try await RealServer.with(engine: configuration) { server in
            try await server.world.data.psql(SlowContacts.on)
            let response = try await server.ask(
                request(body: body("{ __typename contacts { totalCount nodes { id } } }"), ["Accept": accept]))
            #expect(response.status == 200)
            #expect(StatusTests.code(response) == "TIMEOUT")
            #expect(try JSONValue(parsing: response.body)["data"] == .null)
        }
    }

    @Test func `nothing that can be written is 406`() async throws {
        let response = try await SharedServer.current.ask(
            request(body: body("{ __typename }"), ["Accept": "text/html"]))
        #expect(response.status == 406)
        #expect(StatusTests.code(response) == "NOT_ACCEPTABLE")
    }
}
