import GraphQL
import OrderedCollections
import Testing

/// The tables of section 3 that show how input is coerced, each row with the cases that the text adds.
private struct Row: CustomStringConvertible, Sendable {
    let type: String
    /// As it stands in the document, for an argument.
    let literal: String
    /// The request's variables.
    let variables: String
    /// JSON, or `nil` for an error.
    let value: String?

    init(_ type: String, _ literal: String, _ variables: String = "{}", _ value: String?) {
        (self.type, self.literal, self.variables, self.value) = (type, literal, variables, value)
    }

    var description: String { "\(type): \(literal) with \(variables)" }
}

private let rows: [Row] = [
    // 3.11, List
    Row("[Int]", "[1, 2, 3]", "[1,2,3]"), Row("[Int]", "[1, \"b\", true]", nil), Row("[Int]", "1", "[1]"),
    Row("[Int]", "null", "null"), Row("[Int]", "[]", "[]"), Row("[Int!]", "[1, null]", nil),
    Row("[Int]", "[1, $n]", #"{"n": 2}"#, "[1,2]"), Row("[Int]", "[1, $n]", "[1,null]"),
    Row("[[Int]]", "[[1], [2, 3]]", "[[1],[2,3]]"), Row("[[Int]]", "[1, 2, 3]", "[[1],[2],[3]]"),
    Row("[[Int]]", "[1, null, 3]", "[[1],null,[3]]"), Row("[[Int]]", "[[1], [\"b\"]]", nil),
    Row("[[Int]]", "1", "[[1]]"), Row("[[Int]]", "null", "null"), Row("[Int!]!", "null", nil),
    Row("[Int!]!", "[[1]]", nil),
    // 3.10, Input Objects
    Row("Example", #"{a: "abc", b: 123}"#, #"{"a":"abc","b":123}"#),
    Row("Example", "{a: null, b: 123}", #"{"a":null,"b":123}"#), Row("Example", "{b: 123}", #"{"b":123}"#),
    Row("Example", "{a: $s, b: 123}", #"{"s": null}"#, #"{"a":null,"b":123}"#),
    Row("Example", "{a: $s, b: 123}", #"{"b":123}"#), Row("Example", "{b: $n}", #"{"n": 123}"#, #"{"b":123}"#),
    Row("Example", "$example", #"{"example": {"b": 123}}"#, #"{"b":123}"#),
    Row("Example", #""abc123""#, nil), Row("Example", "$example", #"{"example": "abc123"}"#, nil),
    Row("Example", #"{a: "abc", b: "123"}"#, nil), Row("Example", #"{a: "abc"}"#, nil),
    Row("Example", "{b: $n}", nil), Row("Example", "$example", #"{"example": {"a": "abc"}}"#, nil),
    Row("Example", #"{a: "abc", b: null}"#, nil), Row("Example", "{b: $n}", #"{"n": null}"#, nil),
    Row("Example", #"{b: 123, c: "xyz"}"#, nil),
    Row("Example", "$example", #"{"example": {"b": 123, "c": "xyz"}}"#, nil),
    // 3.10.1, OneOf Input Objects
    Row("OneOf", #"{a: "abc"}"#, #"{"a":"abc"}"#), Row("OneOf", "{b: 123}", #"{"b":123}"#),
    Row("OneOf", "{a: $s}", #"{"s": "abc"}"#, #"{"a":"abc"}"#), Row("OneOf", "{b: $n}", #"{"n": 123}"#, #"{"b":123}"#),
    Row("OneOf", "$oneOf", #"{"oneOf": {"b": 123}}"#, #"{"b":123}"#),
    Row("OneOf", #"{a: "abc", b: null}"#, nil), Row("OneOf", "{a: null}", nil), Row("OneOf", "{}", nil),
    Row("OneOf", #"{a: "abc", b: 123}"#, nil), Row("OneOf", #"{b: "abc"}"#, nil),
    Row("OneOf", "{a: $s}", #"{"s": null}"#, nil), Row("OneOf", "{a: $s}", nil),
    Row("OneOf", #"{a: "abc", b: $n}"#, nil), Row("OneOf", "{a: $s, b: $n}", #"{"n": 123}"#, nil),
    Row("OneOf", "$oneOf", #"{"oneOf": {"a": "abc", "b": null}}"#, nil), Row("OneOf", #""abc""#, nil),
    Row("OneOf", "$oneOf", #"{"oneOf": {}}"#, nil), Row("OneOf", #"{c: "xyz"}"#, nil),
    // 3.5, Scalars
    Row("Int", "123", "123"), Row("Int", "\"123\"", nil), Row("Int", "1.0", nil),
    Row("Int", "2147483647", "2147483647"),
    Row("Int", "-2147483648", "-2147483648"), Row("Int", "2147483648", nil), Row("Int", "-2147483649", nil),
    Row("Float", "123", "123"), Row("Float", "1.5e3", "1.5e3"), Row("Float", "\"1\"", nil), Row("Float", "1e999", nil),
    Row("String", "\"a\"", "\"a\""), Row("String", "1", nil), Row("String", "A", nil), Row("String", "true", nil),
    Row("Boolean", "true", "true"), Row("Boolean", "1", nil), Row("Boolean", "\"true\"", nil),
    Row("ID", "\"4\"", "\"4\""), Row("ID", "4", "\"4\""), Row("ID", "-4", "\"-4\""), Row("ID", "4.0", nil),
    Row("ID", "A", nil), Row("ID", "true", nil),
    // 3.9, Enums
    Row("Color", "RED", "\"RED\""), Row("Color", "\"RED\"", nil), Row("Color", "PINK", nil), Row("Color", "0", nil),
    Row("Color", "$color", #"{"color": "RED"}"#, "\"RED\""), Row("Color", "$color", #"{"color": "PINK"}"#, nil),
]

extension Row {
    fileprivate init(_ type: String, _ literal: String, _ value: String?) {
        self.init(type, literal, "{}", value)
    }
}

@Suite struct CoercionTableTests {
    private static let schema = Result {
        try makeSchema(
            """
            type Query { \(["[Int]", "[Int!]", "[[Int]]", "[Int!]!", "Example", "OneOf", "Int", "Float", "String",
                "Boolean", "ID", "Color"].enumerated().map { "f\($0)(x: \($1)): Int" }.joined(separator: " ")) }
            input Example { a: String b: Int! }
            input OneOf @oneOf { a: String b: Int }
            enum Color { RED BLUE }
            """)
    }

    @Test("Input is coerced as the tables of section 3 have it", arguments: rows)
    fileprivate func coerced(_ row: Row) throws {
        let schema = try Self.schema.get()
        let (name, definition) = try #require(
            schema.queryType.fields.first { $0.value.arguments["x"]?.type.description == row.type })
        let text = """
            query ($n: Int, $s: String, $example: Example, $oneOf: OneOf, $color: Color) { \(name)(x: \(row.literal)) }
            """
        let operation = try parseText(text).operations[0]
        guard case .field(let field) = operation.selectionSet.selections[0] else { return }
        let input = try JSONValue(parsing: Array(row.variables.utf8)).objectValue ?? [:]
        func value() throws -> String? {
            let variables = try coerceVariables(of: operation, schema: schema, from: input)
            return try coerceArguments(field, definition: definition, variables: variables, schema: schema)["x"]
                .map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        if let expected = row.value {
            #expect(try value() == expected)
        } else {
            #expect(throws: (any Error).self) { try value() }
        }
    }
}
