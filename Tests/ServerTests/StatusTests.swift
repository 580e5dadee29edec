import GraphQL
import Server
import Testing

@Suite("GraphQL over HTTP: the table of answers", .timeLimit(.minutes(2)))
struct StatusTests {
    /// One row of the table, with the status for each of the two media types.
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let request: @Sendable (_ accept: String) -> String
        let modern: Int
        let legacy: Int
        var code: String?
        var header: (String, String)?

        var testDescription: String { what }
    }

    static let rows: [Row] = [
        Row(what: "data, no errors", request: { post("{ __typename }", $0) }, modern: 200, legacy: 200),
        Row(what: "data and errors", request: { post("{ partial }", $0) }, modern: 200, legacy: 200),
        Row(
            what: "a document that does not parse", request: { post("{", $0) }, modern: 400, legacy: 200,
            code: "GRAPHQL_PARSE_FAILED"),
        Row(
            what: "validation fails", request: { post("{ unknown }", $0) }, modern: 400, legacy: 200,
            code: "GRAPHQL_VALIDATION_FAILED"),
        Row(
            what: "a body that is not JSON", request: { request(body: "{\"query\": }", ["Accept": $0]) }, modern: 400,
            legacy: 400, code: "BAD_REQUEST"),
        Row(
            what: "no query", request: { request(body: "{}", ["Accept": $0]) }, modern: 400, legacy: 400,
            code: "BAD_REQUEST"),
        Row(
            what: "variables of a wrong kind",
            request: { request(body: #"{"query":"{ __typename }","variables":[7]}"#, ["Accept": $0]) }, modern: 400,
            legacy: 400, code: "BAD_REQUEST"),
        Row(
            what: "a wrong Content-Type",
            request: { request(body: body("{ __typename }"), ["Accept": $0, "Content-Type": "text/plain"]) },
            modern: 415, legacy: 415, code: "UNSUPPORTED_MEDIA_TYPE"),
        Row(
            what: "no Content-Type",
            request: { request(body: body("{ __typename }"), ["Accept": $0, "Content-Type": ""]) }, modern: 415,
            legacy: 415, code: "UNSUPPORTED_MEDIA_TYPE"),
        Row(
            what: "a charset that is not UTF-8",
            request: {
                request(
                    body: body("{ __typename }"), ["Accept": $0, "Content-Type": "application/json; charset=latin1"])
            }, modern: 415, legacy: 415),
        Row(
            what: "a mutation by GET",
            request: { request("GET", "/graphql?query=mutation+%7B+__typename+%7D", ["Accept": $0]) }, modern: 405,
            legacy: 405, header: ("allow", "POST")),
        Row(
            what: "another method", request: { request("PUT", "/graphql", ["Accept": $0]) }, modern: 405, legacy: 405,
            code: "METHOD_NOT_ALLOWED", header: ("allow", "GET, POST")),
        Row(
            what: "not signed in",
            request: { request(body: body("{ __typename }"), ["Accept": $0], bearer: nil) }, modern: 401, legacy: 401,
            code: "UNAUTHENTICATED", header: ("www-authenticate", "Bearer")),
        Row(
            what: "a key that is not known",
            request: { request(body: body("{ __typename }"), ["Accept": $0], bearer: "sb_unknown") }, modern: 401,
            legacy: 401, code: "UNAUTHENTICATED", header: ("www-authenticate", "Bearer")),
        Row(
            what: "an organization that the key is not of",
            request: {
                request(body: body("{ __typename }"), ["Accept": $0, "X-Switchboard-Organization": "org_foreign"])
            }, modern: 403, legacy: 403, code: "FORBIDDEN"),
        Row(
            what: "a role that may not ask", request: { post("{ forbidden }", $0) }, modern: 403, legacy: 403,
            code: "FORBIDDEN"),
        Row(
            what: "too many requests",
            request: { request(body: body("{ __typename }"), ["Accept": $0], bearer: "sb_busy") }, modern: 429,
            legacy: 429, code: "TOO_MANY_REQUESTS", header: ("retry-after", "3")),
        Row(
            what: "no database",
            request: { request(body: body("{ __typename }"), ["Accept": $0], bearer: "sb_down") }, modern: 503,
            legacy: 503, code: "UNAVAILABLE", header: ("retry-after", "1")),
        Row(
            what: "a URL that is too long",
            request: { request("GET", "/graphql?query=" + String(repeating: "x", count: 20_000), ["Accept": $0]) },
            modern: 414, legacy: 414, code: "URI_TOO_LONG"),
        Row(
            what: "headers that are too large",
            request: {
                request(
                    body: body("{ __typename }"), ["Accept": $0, "X-Large": String(repeating: "x", count: 40_000)])
            }, modern: 431, legacy: 431, code: "HEADERS_TOO_LARGE"),
        Row(
            what: "headers that the parser itself refuses",
            request: {
                request(
                    body: body("{ __typename }"), ["Accept": $0, "X-Large": String(repeating: "x", count: 200_000)])
            }, modern: 431, legacy: 431, code: "HEADERS_TOO_LARGE"),
        Row(
            what: "a subscription where no stream is accepted", request: { post("subscription { changes }", $0) },
            modern: 406, legacy: 406, code: "NOT_ACCEPTABLE"),
    ]

    private static func post(_ document: String, _ accept: String) -> String {
        request(body: body(document), ["Accept": accept])
    }

    @Test("answers by the table", arguments: rows, ["application/graphql-response+json", "application/json"])
    func table(_ row: Row, accept: String) async throws {
        try await RunningServer.with { server in
            let response = try await ask(server.port, row.request(accept))
            #expect(response.status == (accept == "application/json" ? row.legacy : row.modern), "\(response.text)")
            if let code = row.code { #expect(Self.code(response) == code) }
            if let (name, value) = row.header { #expect(response[name] == value) }
        }
    }

    @Test("nothing acceptable is 406, and nothing is executed")
    func notAcceptable() async throws {
        try await RunningServer.with { server in
            let response = try await ask(
                server.port, request(body: body("{ __typename }"), ["Accept": "text/html, application/xml"]))
            #expect(response.status == 406)
            #expect(Self.code(response) == "NOT_ACCEPTABLE")
            #expect(server.executor.asked.isEmpty)
        }
    }

    @Test(
        "the media type is chosen by weight, then by name",
        arguments: [
            ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
            ("application/graphql-response+json;q=0.5, application/json;q=0.9", "application/json"),
            ("application/json, application/graphql-response+json", "application/graphql-response+json"),
            (
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
                "application/graphql-response+json"
            ),
            ("application/*", "application/json"), ("*/*;q=0.1", "application/json"),
            ("text/html, */*;q=0.8", "application/json"),
            ("application/json;q=0, */*", "application/graphql-response+json"),
            ("APPLICATION/JSON", "application/json"), ("nonsense, application/json", "application/json"),
        ])
    func negotiation(_ accept: String, _ expected: String) async throws {
        try await RunningServer.with { server in
            let response = try await ask(server.port, request(body: body("{ __typename }"), ["Accept": accept]))
            #expect(response.status == 200)
            #expect(response["content-type"] == expected + "; charset=utf-8")
        }
    }

    @Test("broken JSON is told with its place")
    func place() async throws {
        try await RunningServer.with { server in
            let response = try await ask(server.port, request(body: "{\n  \"query\": nonsense\n}"))
            #expect(response.status == 400)
            let error = try JSONValue(parsing: response.body)["errors"]?.arrayValue?.first
            #expect(error?["extensions"]?["line"] == 2)
            #expect(error?["extensions"]?["column"]?.intValue.map { $0 >= 12 } == true)
            #expect(error?["message"]?.stringValue?.contains("line 2") == true)
        }
    }

    @Test("a GET carries document, variables and name")
    func get() async throws {
        try await RunningServer.with { server in
            let target =
                "/graphql?query=query+Query+%7B+__typename+%7D&operationName=Query&variables=%7B%22a%22%3A%5B1%2C%22%C3%A4%22%5D%7D"
            #expect(await status(server.port, request("GET", target)) == 200)
            let asked = try #require(server.executor.asked.first)
            #expect(asked.operationName == "Query")
            #expect(asked.variables == ["a": [1, "ä"]])
        }
    }

    @Test("the engine's bytes go out as they are")
    func verbatim() async throws {
        try await RunningServer.with { server in
            let response = try await ask(server.port, request(body: body("{ partial }")))
            #expect(response.text == #"{"errors":[{"message":"No.","path":["partial"]}],"data":{"partial":null}}"#)
        }
    }

    static func code(_ response: RawConnection.Response) -> String? {
        let errors = try? JSONValue(parsing: response.body)["errors"]
        return errors?.arrayValue?.first?["extensions"]?["code"]?.stringValue
    }
}
