import Testing

/// One audit of GraphQL over HTTP, by the name that the public suite gives it (`graphql/graphql-http`,
/// `src/audits/server.ts`).
struct HTTPAudit: Sendable, CustomTestStringConvertible {
    enum Expectation: Sendable {
        case status(ClosedRange<Int>)
        case contentType(String)
        case utf8
        case noErrors
        case noData
    }

    let id: String
    let name: String
    let request: String
    let expectations: [Expectation]

    var testDescription: String { "\(id) \(name)" }

    init(_ id: String, _ name: String, _ request: String, _ expectations: Expectation...) {
        self.id = id
        self.name = name
        self.request = request
        self.expectations = expectations
    }
}

extension HTTPAudit {
    private static let modern = "application/graphql-response+json"
    private static let legacy = "application/json"

    private static func post(_ body: String?, accept: String? = nil, contentType: String = "application/json") -> String
    {
        Exchange.request(
            body: body ?? "", ["Accept": accept ?? "", "Content-Type": contentType])
    }

    private static func get(_ query: String, accept: String? = nil) -> String {
        Exchange.request("GET", "/graphql?" + query, ["Accept": accept ?? ""])
    }

    private static let typename = #"{"query":"{ __typename }"}"#
    private static let typeOfName =
        #"{"query":"query Type($name: String!) { __type(name: $name) { name } }","variables":{"name":"sometype"}}"#
    private static let typeOfNameQuery =
        "query=query%20Type(%24name%3A%20String!)%20%7B%20__type(name%3A%20%24name)%20%7B%20name%20%7D%20%7D&variables=%7B%22name%22%3A%22sometype%22%7D"
    private static let unknownField = #"{"query":"{ 8f31403dfe404bccbb0e835f2629c6a7 }"}"#
    private static let coerceFailure =
        #"{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}"#

    /// Values of a wrong kind, by what the suite calls them.
    private static func wrong(
        _ prefix: String, _ parameter: String, _ kinds: [(String, String)], beside: String
    ) -> [HTTPAudit] {
        kinds.enumerated().map { index, kind in
            HTTPAudit(
                "\(prefix)\(index)", "MAY use 400 status code on \(kind.0) {\(parameter)} parameter",
                post("{\(beside)\"\(parameter)\":\(kind.1)}"), .status(400...400))
        }
    }

    private static let notString = [
        ("object", #"{"obj":"ect"}"#), ("number", "0"), ("boolean", "false"), ("array", #"["array"]"#),
    ]
    private static let notMap = [
        ("string", #""string""#), ("number", "0"), ("boolean", "false"), ("array", #"["array"]"#),
    ]
    private static let besideQuery = #""query":"{ __typename }","#

    /// The 60 that the public file carries out, and `39AA`, which it names and leaves open.
    static let all: [HTTPAudit] = mediaTypes + requests + parameters + responses

    /// Two more that it names and leaves open, as we read them.
    static let named: [HTTPAudit] = [
        HTTPAudit(
            "EE52",
            "MUST use 2xx status code if response contains the data entry and it is not null when accepting \(modern)",
            post(#"{"query":"{ __typename viewer { role } }"}"#, accept: modern), .status(200...299), .noErrors),
        HTTPAudit(
            "BC58", "SHOULD use 401 or 403 status codes when the request is not permitted",
            Exchange.request(body: typename, ["Accept": modern], bearer: nil), .status(401...403)),
    ]

    private static let mediaTypes: [HTTPAudit] = [
        HTTPAudit(
            "22EB", "SHOULD accept application/graphql-response+json and match the content-type",
            post(typename, accept: modern), .status(200...200), .contentType(modern)),
        HTTPAudit(
            "4655", "MUST accept application/json and match the content-type", post(typename, accept: legacy),
            .status(200...200), .contentType(legacy)),
        HTTPAudit(
            "47DE", "SHOULD accept */* and use application/json for the content-type", post(typename, accept: "*/*"),
            .status(200...200), .contentType(legacy)),
        HTTPAudit(
            "80D8", "SHOULD assume application/json content-type when accept is missing", post(typename),
            .status(200...200), .contentType(legacy)),
        HTTPAudit("82A3", "MUST use utf-8 encoding when responding", post(typename), .status(200...200), .utf8),
        HTTPAudit(
            "BF61", "MUST accept utf-8 encoded request",
            post(
                #"{"query":"{ __type(name: \"Run🏃Swim🏊\") { name } }"}"#, contentType: "application/json; charset=utf-8"
            ),
            .status(200...200)),
        HTTPAudit(
            "78D5", "MUST assume utf-8 in request if encoding is unspecified", post(typename), .status(200...200)),
    ]

    private static let requests: [HTTPAudit] = [
        HTTPAudit("2C94", "MUST accept POST requests", post(typename), .status(200...200)),
        HTTPAudit(
            "5A70", "MAY accept application/x-www-form-urlencoded formatted GET requests",
            get("query=%7B+__typename+%7D"), .status(200...200)),
        HTTPAudit(
            "9C48", "MAY NOT allow executing mutations on GET requests",
            get("query=mutation+%7B+__typename+%7D", accept: modern), .status(400...499)),
        HTTPAudit(
            "9ABE", "MAY respond with 4xx status code if content-type is not supplied on POST requests",
            post(nil, contentType: ""), .status(400...499)),
        HTTPAudit("03D4", "MUST accept application/json POST requests", post(typename), .status(200...200)),
        HTTPAudit(
            "A5BF", "MAY use 400 status code when request body is missing on POST", post(nil), .status(400...400)),
    ]

    private static let parameters: [HTTPAudit] =
        [
            HTTPAudit(
                "423L", "MAY use 400 status code on missing {query} parameter",
                post(#"{"notquery":"{ __typename }"}"#, accept: modern), .status(400...400))
        ] + wrong("LKJ", "query", notString, beside: "") + [
            HTTPAudit(
                "34A2", "SHOULD allow string {query} parameter when accepting \(modern)",
                post(typename, accept: modern), .status(200...200)),
            HTTPAudit(
                "13EE", "MUST allow string {query} parameter when accepting \(legacy)",
                post(typename, accept: legacy), .status(200...200), .noErrors),
        ] + wrong("6C0", "operationName", notString, beside: besideQuery) + [
            HTTPAudit(
                "8161", "SHOULD allow string {operationName} parameter when accepting \(modern)",
                post(#"{"operationName":"Query","query":"query Query { __typename }"}"#, accept: modern),
                .status(200...200)),
            HTTPAudit(
                "B8B3", "MUST allow string {operationName} parameter when accepting \(legacy)",
                post(#"{"operationName":"Query","query":"query Query { __typename }"}"#, accept: legacy),
                .status(200...200), .noErrors),
        ]
        + ["variables", "operationName", "extensions"].enumerated().flatMap { index, parameter in
            let body = "{\(besideQuery)\"\(parameter)\":null}"
            return [
                HTTPAudit(
                    "94B\(index)", "SHOULD allow null {\(parameter)} parameter when accepting \(modern)",
                    post(body, accept: modern), .status(200...200), .noErrors),
                HTTPAudit(
                    "022\(index)", "MUST allow null {\(parameter)} parameter when accepting \(legacy)",
                    post(body, accept: legacy), .status(200...200), .noErrors),
            ]
        } + wrong("476", "variables", notMap, beside: besideQuery) + [
            HTTPAudit(
                "2EA1", "SHOULD allow map {variables} parameter when accepting \(modern)",
                post(typeOfName, accept: modern), .status(200...200)),
            HTTPAudit(
                "28B9", "MUST allow map {variables} parameter when accepting \(legacy)",
                post(typeOfName, accept: legacy), .status(200...200), .noErrors),
            HTTPAudit(
                "D6D5", "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting \(modern)",
                get(typeOfNameQuery, accept: modern), .status(200...200)),
            HTTPAudit(
                "6A70", "MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting \(legacy)",
                get(typeOfNameQuery, accept: legacy), .status(200...200), .noErrors),
        ] + wrong("58B", "extensions", notMap, beside: besideQuery) + [
            HTTPAudit(
                "428F", "SHOULD allow map {extensions} parameter when accepting \(modern)",
                post("{\(besideQuery)\"extensions\":{\"some\":\"value\"}}", accept: modern), .status(200...200)),
            HTTPAudit(
                "1B7A", "MUST allow map {extensions} parameter when accepting \(legacy)",
                post("{\(besideQuery)\"extensions\":{\"some\":\"value\"}}", accept: legacy), .status(200...200),
                .noErrors),
            HTTPAudit(
                "39AA", "MUST accept a map for the {extensions} parameter",
                post("{\(besideQuery)\"extensions\":{\"some\":\"value\"}}", accept: legacy), .status(200...200),
                .noErrors),
        ]

    private static let responses: [HTTPAudit] = [
        HTTPAudit(
            "B6DC", "MAY use 4xx or 5xx status codes on JSON parsing failure", post(#"{ "not a JSON"#),
            .status(400...499)),
        HTTPAudit(
            "BCF8", "MAY use 400 status code on JSON parsing failure", post(#"{ "not a JSON"#), .status(400...400)),
        HTTPAudit(
            "8764", "MAY use 4xx or 5xx status codes if parameters are invalid",
            post(#"{"qeury":"{ __typename }"}"#), .status(400...599)),
        HTTPAudit(
            "3E3A", "MAY use 400 status code if parameters are invalid", post(#"{"qeury":"{ __typename }"}"#),
            .status(400...400)),
        HTTPAudit(
            "572B", "SHOULD use 200 status code on document parsing failure when accepting \(legacy)",
            post(#"{"query":"{"}"#, accept: legacy), .status(200...200)),
        HTTPAudit(
            "FDE2", "SHOULD use 200 status code on document validation failure when accepting \(legacy)",
            post(unknownField, accept: legacy), .status(200...200)),
        HTTPAudit(
            "7B9B", "SHOULD use a status code of 200 on variable coercion failure when accepting \(legacy)",
            post(coerceFailure, accept: legacy), .status(200...200)),
        HTTPAudit(
            "865D", "SHOULD use 4xx or 5xx status codes on document parsing failure when accepting \(modern)",
            post(#"{"query":"{"}"#, accept: modern), .status(400...599)),
        HTTPAudit(
            "556A", "SHOULD use 400 status code on document parsing failure when accepting \(modern)",
            post(#"{"query":"{"}"#, accept: modern), .status(400...400)),
        HTTPAudit(
            "D586", "SHOULD not contain the data entry on document parsing failure when accepting \(modern)",
            post(#"{"query":"{"}"#, accept: modern), .noData),
        HTTPAudit(
            "51FE", "SHOULD use 4xx or 5xx status codes on document validation failure when accepting \(modern)",
            post(unknownField, accept: modern), .status(400...599)),
        HTTPAudit(
            "74FF", "SHOULD use 400 status code on document validation failure when accepting \(modern)",
            post(unknownField, accept: modern), .status(400...400)),
        HTTPAudit(
            "5E5B", "SHOULD not contain the data entry on document validation failure when accepting \(modern)",
            post(unknownField, accept: modern), .noData),
        HTTPAudit(
            "86EE", "SHOULD use a status code of 400 on variable coercion failure when accepting \(modern)",
            post(coerceFailure, accept: modern), .status(400...400)),
    ]
}
