import GraphQL
import OrderedCollections
import Testing

private let schemaText = """
    type Query { f(a: In, one: One, n: Int! = 7, list: [Int!], e: E, j: JSON, p: Phone): Int }
    input In { s: String! i: Int = 3 f: Float b: Boolean id: ID nested: In list: [[Int]] }
    input One @oneOf { a: Int b: String }
    enum E { A B }
    scalar JSON
    scalar Phone
    """

private let phone = ScalarCoercion(parseValue: { (value: JSONValue) throws(CoercionFailure) -> JSONValue in
    guard let text = value.stringValue, text.hasPrefix("+") else { throw CoercionFailure("Expected an E.164 number.") }
    return value
})

@Suite struct CoercionTests {
    let schema = Result { try makeSchema(schemaText, scalars: ["Phone": phone]) }

    private func variable(_ type: String, _ json: String?) throws -> JSONValue? {
        let document = try parseText("query ($v: \(type)) { f }")
        let input: OrderedDictionary<String, JSONValue> =
            try json.map { ["v": try JSONValue(parsing: Array($0.utf8))] } ?? [:]
        return try coerceVariables(of: document.operations[0], schema: schema.get(), from: input)["v"]
    }

    @Test(
        "Variables that fit",
        arguments: [
            ("Int", "1", "1"), ("Int", "1.0", "1"), ("Int", "-2147483648", "-2147483648"), ("Int", "null", "null"),
            ("Float", "1", "1"), ("Float", "1.50", "1.50"), ("String", "\"a\"", "\"a\""), ("Boolean", "true", "true"),
            ("ID", "\"a\"", "\"a\""), ("ID", "4", "\"4\""), ("ID", "92233720368547758070", "\"92233720368547758070\""),
            ("E", "\"A\"", "\"A\""), ("[Int]", "1", "[1]"), ("[Int]", "[1,null]", "[1,null]"),
            ("[[Int]]", "[1,[2]]", "[[1],[2]]"),
            ("[[Int]]", "1", "[[1]]"), ("[Int]", "null", "null"), ("JSON", "{\"a\":[1.0]}", "{\"a\":[1.0]}"),
            ("Phone", "\"+14155550123\"", "\"+14155550123\""), ("In", "{\"s\":\"x\"}", "{\"s\":\"x\",\"i\":3}"),
            ("In", "{\"i\":null,\"s\":\"x\"}", "{\"s\":\"x\",\"i\":null}"), ("One", "{\"a\":1}", "{\"a\":1}"),
            ("Int = 5", nil, "5"), ("Int = 5", "null", "null"), ("[Int!]! = 1", nil, "[1]"),
        ] as [(String, String?, String)])
    func fits(_ type: String, _ json: String?, _ expected: String) throws {
        let value = try #require(try variable(type, json))
        #expect(String(decoding: value.bytes, as: UTF8.self) == expected)
    }

    @Test(
        "Variables that do not fit are named with the path inside",
        arguments: [
            ("Int", "1.5", "$v"), ("Int", "2147483648", "32 bits"), ("Int", "\"1\"", "integer"),
            ("Int", "true", "integer"),
            ("Int!", "null", "found null"), ("Int!", nil, "must be given"), ("Float", "\"1\"", "number"),
            ("Float", "1e400", "finite"),
            ("String", "1", "string"), ("Boolean", "1", "true or false"), ("ID", "1.5", "ID"), ("ID", "true", "ID"),
            ("E", "\"C\"", "enum “E”"), ("E", "1", "enum “E”"), ("[Int!]", "[1,null]", "“v[1]”"),
            ("In", "1", "an object"),
            ("In", "{}", "“s”"), ("In", "{\"s\":null}", "“v.s”"), ("In", "{\"s\":\"\",\"x\":1}", "“x”"),
            ("In", "{\"s\":\"\",\"nested\":{\"s\":\"\",\"list\":[[1],[\"a\"]]}}", "“v.nested.list[1][0]”"),
            ("One", "{}", "Exactly one"), ("One", "{\"a\":1,\"b\":\"\"}", "Exactly one"),
            ("One", "{\"a\":null}", "Exactly one"),
            ("Phone", "\"0123\"", "E.164"),
        ] as [(String, String?, String)])
    func refused(_ type: String, _ json: String?, _ part: String) {
        let errors = #expect(throws: GraphQLErrors.self) { try variable(type, json) }
        #expect(errors?.errors.count == 1)
        #expect(errors?.errors[0].message.contains(part) == true, "\(errors?.errors[0].message ?? "")")
        #expect(errors?.errors[0].code == .badUserInput && errors?.errors[0].message.contains("“$v”") == true)
    }

    @Test func `all variables that do not fit are told at once, unknown ones ignored, absent ones absent`() throws {
        let document = try parseText("query ($a: Int!, $b: Int, $c: String) { f }")
        let schema = try schema.get()
        let errors = #expect(throws: GraphQLErrors.self) {
            try coerceVariables(of: document.operations[0], schema: schema, from: ["b": "x", "z": 1])
        }
        #expect(errors?.errors.count == 2)
        let values = try coerceVariables(
            of: document.operations[0], schema: schema, from: ["a": 1, "c": .null, "z": 1])
        #expect(values.values == ["a": 1, "c": .null])
    }

    private func arguments(_ text: String, _ variables: OrderedDictionary<String, JSONValue> = [:]) throws -> String {
        let document = try parseText("{ f\(text) }")
        let schema = try schema.get()
        guard case .field(let field) = document.operations[0].selectionSet.selections[0],
            let definition = schema.queryType.fields["f"]
        else { return "" }
        let values = try coerceArguments(
            field, definition: definition, variables: CoercedVariables(variables), schema: schema)
        return String(decoding: JSONValue.object(values).bytes, as: UTF8.self)
    }

    @Test(
        "Arguments: absent is not null, defaults are filled in, variables stand for values",
        arguments: [
            ("", "{\"n\":7}"), ("(n: 1)", "{\"n\":1}"), ("(n: $absent)", "{\"n\":7}"),
            ("(e: null)", "{\"n\":7,\"e\":null}"),
            ("(e: $absent)", "{\"n\":7}"), ("(e: $null)", "{\"n\":7,\"e\":null}"),
            ("(list: $one)", "{\"n\":7,\"list\":1}"),
            ("(list: [1, $one])", "{\"n\":7,\"list\":[1,1]}"), ("(list: 2)", "{\"n\":7,\"list\":[2]}"),
            ("(a: {s: \"x\", b: $absent, i: $absent})", "{\"a\":{\"s\":\"x\",\"i\":3},\"n\":7}"),
            ("(a: {s: \"x\", i: $null})", "{\"a\":{\"s\":\"x\",\"i\":null},\"n\":7}"),
            ("(j: {a: [$one, $absent, X], b: $absent})", "{\"n\":7,\"j\":{\"a\":[1,null,\"X\"]}}"),
            ("(e: A, p: \"+1\")", "{\"n\":7,\"e\":\"A\",\"p\":\"+1\"}"),
            ("(one: {a: $one})", "{\"one\":{\"a\":1},\"n\":7}"),
        ])
    func arguments(_ text: String, _ expected: String) throws {
        #expect(try arguments(text, ["one": 1, "null": .null]) == expected)
    }

    @Test(
        "Arguments that do not fit are told with their place",
        arguments: [
            "(n: null)", "(n: $null)", "(list: [$null])", "(list: [$absent])", "(a: {s: $null})", "(a: {s: $absent})",
            "(e: C)",
            "(one: {a: $absent})", "(one: {a: $null})", "(p: \"1\")", "(p: X)", "(a: {s: \"\", x: 1})",
        ])
    func refusedArguments(_ text: String) {
        let error = #expect(throws: GraphQLError.self) { try arguments(text, ["one": 1, "null": .null]) }
        #expect(error?.code == .badUserInput && error?.locations.isEmpty == false)
    }
}
