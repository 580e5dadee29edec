import GraphQL
import OrderedCollections
import Testing

@Suite struct SchemaTests {
    private func messages(_ text: String) -> [String] {
        do throws(SchemaErrors) {
            _ = try Schema(sources: [Source(text, name: "test.graphql")])
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test(
        "What section 3 forbids is told with file, line and column",
        arguments: [
            ("type A { a: Int }", "needs a query root type"),
            ("type Query { a: Int } type Query { b: Int }", "1:28: Type “Query” is defined twice"),
            ("type Query { a: Int a: Int }", "1:21: Field “Query.a” is defined twice"),
            ("type Query { a(b: Int, b: Int): Int }", "“Query.a:b” is defined twice"),
            ("type Query", "must have at least one field"),
            ("type Query { __a: Int }", "reserved"), ("type Query { a(__b: Int): Int }", "reserved"),
            ("type Query { a: Int } type __A { a: Int }", "reserved"),
            ("type Query { a: Int } enum E { __A }", "reserved"),
            ("type Query { a: Int } input I { __a: Int }", "reserved"),
            ("type Query { a: Int } directive @__a on FIELD", "reserved"),
            ("type Query { a: Missing }", "which is not defined"),
            ("type Query { a(b: Missing): Int }", "which is not defined"),
            ("type Query { a: I } input I { a: Int }", "needs an output type"),
            ("type Query { a(b: Query): Int }", "needs an input type"),
            ("type Query { a: Int } input I { q: Query }", "needs an input type"),
            ("type Query { a: Int } scalar Int", "built in"),
            ("type Query { a: Int } directive @skip on FIELD", "built in"),
            ("type Query { a: Int } extend type Missing { a: Int }", "extended but not defined"),
            ("type Query { a: Int } extend interface Query { b: Int }", "cannot be extended with “interface”"),
            ("type Query { a: Int } extend scalar Int @specifiedBy(url: \"x\")", "cannot be extended"),
            ("schema { query: Query } schema { query: Query } type Query { a: Int }", "a schema definition already"),
            ("schema { query: Query query: Query } type Query { a: Int }", "given twice"),
            ("schema { query: Q mutation: Q } type Q { a: Int }", "two kinds of operation"),
            ("schema { query: Q } interface Q { a: Int }", "must be an object type"),
            ("type Query implements A { a: Int }", "not a defined interface"),
            ("type Query implements A & A { a: Int } interface A { a: Int }", "“A” twice"),
            ("type Query implements A { b: Int } interface A { a: Int }", "lacks the field “a”"),
            ("type Query implements A { a: String } interface A { a: Int }", "no subtype"),
            ("type Query implements A { a: Int } interface A { a: Int! }", "no subtype"),
            ("type Query implements A { a: Int } interface A { a(b: Int): Int }", "lacks the argument “b”"),
            ("type Query implements A { a(b: Int!): Int } interface A { a(b: Int): Int }", "has the type “Int!”"),
            ("type Query implements A { a(c: Int!): Int } interface A { a: Int }", "is required"),
            ("type Query implements A { a: Int @deprecated } interface A { a: Int }", "is deprecated, but"),
            (
                "type Query implements A { a: Int } interface A implements B { a: Int } interface B { a: Int }",
                "because “A” does"
            ),
            ("type Query { a: Int } interface A implements A { a: Int }", "cannot implement itself"),
            (
                "type Query { a: Int } interface A implements B { a: Int } interface B implements A { a: Int }",
                "implement each other"
            ),
            ("type Query { a: Int } union U", "at least one member"),
            ("type Query { a: Int } union U = Int", "not a defined object"),
            ("type Query { a: Int } union U = Query | Query", "“Query” twice"),
            ("type Query { a: Int } enum E", "at least one value"),
            ("type Query { a: Int } enum E { A A }", "defined twice"),
            ("type Query { a: Int } input I", "at least one field"),
            ("type Query { a(b: Int! @deprecated): Int }", "cannot be deprecated"),
            ("type Query { a: Int } input I { a: Int! @deprecated }", "cannot be deprecated"),
            ("type Query { a: Int } input I @oneOf { a: Int! }", "must be nullable"),
            ("type Query { a: Int } input I @oneOf { a: Int = 1 }", "cannot have a default"),
            ("type Query { a: Int } input I { i: I! }", "never be written"),
            ("type Query { a: Int } input I { j: J! } input J { i: I! }", "never be written"),
            ("type Query { a: Int } input I @oneOf { i: I }", "never be written"),
            ("type Query { a(b: Int = \"x\"): Int }", "1:25: A value of type “Int” does not fit"),
            ("type Query { a(b: [Int!] = [1, null]): Int }", "found null"),
            ("type Query { a(b: I = {c: 1}): Int } input I { b: Int }", "has no field “c”"),
            ("type Query { a(b: I = {}): Int } input I { b: Int! }", "needs the field “b”"),
            ("type Query { a: Int } input I { i: I = {} }", "needs itself"),
            ("type Query { a: Int } input I { j: J = {} } input J { i: I = {} }", "needs itself"),
            ("type Query { a: Int @missing }", "no directive “@missing”"),
            ("type Query { a: Int @oneOf }", "may not be used on FIELD_DEFINITION"),
            ("type Query { a: Int @deprecated @deprecated }", "only once"),
            ("type Query { a: Int @deprecated(reason: 1) }", "Expected a string"),
            ("type Query { a: Int @deprecated(because: \"\") }", "no argument “because”"),
            ("type Query { a: Int } scalar S @specifiedBy", "needs the argument “url”"),
            ("type Query { a: Int } directive @a(b: Int @a) on ARGUMENT_DEFINITION", "uses itself"),
            (
                "type Query { a: Int } directive @a(b: Int @b) on ARGUMENT_DEFINITION directive @b(c: Int @a) on ARGUMENT_DEFINITION",
                "uses itself"
            ),
            ("type Query { a: Int } { a }", "do not belong into a schema"), ("type Query { a: }", "1:17: Syntax error"),
        ])
    func refusals(_ text: String, _ part: String) {
        let found = messages(text)
        #expect(found.contains { $0.contains(part) }, "\(found)")
    }

    @Test(
        "What section 3 allows is accepted",
        arguments: [
            petSchemaText, "schema { query: Q } type Q { a: Int }",
            "type Query { a: Int } input I { i: I j: [I!]! } input J @oneOf { a: J b: Int }",
            "type Query implements A { a(b: Int, c: Int = 1): Int! x: Query } interface A { a(b: Int): Int x: A }",
            "type Query { a(b: Int! = 1 @deprecated): Int } input I { j: J! = {} } input J { a: Int! = 2 k: I }",
            "type Query { a: [U] } union U = Query extend type Query { b: E } enum E { A } extend enum E { B @deprecated }",
        ])
    func accepted(_ text: String) {
        #expect(messages(text) == [])
    }

    @Test func `several files make one schema, and errors name the file`() throws {
        let query = Source("type Query { a: Int }", name: "Query.graphql")
        let more = Source("extend type Query {\n  b: B\n}\ntype B { c: Int }", name: "B.graphql")
        let schema = try Schema(sources: [query, more])
        #expect(schema.queryType.fields.keys == ["a", "b"])
        let wrong = Source("extend type Query {\n  c: Missing\n}", name: "C.graphql")
        let error = #expect(throws: SchemaErrors.self) { try Schema(sources: [query, more, wrong]) }
        #expect(error?.description == "C.graphql:2:3: Field “Query.c” has the type “Missing”, which is not defined.")
    }

    @Test func `directives on definitions can be read, defaults filled in`() throws {
        let schema = try makeSchema(
            """
            directive @table(name: String!, key: String! = "id") on OBJECT
            directive @column(name: String!) repeatable on FIELD_DEFINITION
            type Query @table(name: "q") { a: Int @column(name: "x") @column(name: "y") }
            """)
        let table = try #require(schema.queryType.directives.first(named: "table"))
        #expect(table.argument("name")?.stringValue == "q" && table.argument("key") == nil)
        #expect(try schema.arguments(of: table) == ["name": "q", "key": "id"])
        let columns = schema.queryType.fields["a"]?.directives.all(named: "column") ?? []
        #expect(columns.compactMap { $0.argument("name")?.stringValue } == ["x", "y"])
    }

    @Test func `types know their possible types and subtypes`() throws {
        let schema = try petSchema.get()
        #expect(schema.possibleTypes(of: "Pet") == ["Dog", "Cat"])
        #expect(schema.possibleTypes(of: "CatOrDog") == ["Cat", "Dog"])
        #expect(schema.possibleTypes(of: "Dog") == ["Dog"] && schema.possibleTypes(of: "Int").isEmpty)
        #expect(schema.isSubtype("Page", of: "Node") && !schema.isSubtype("Node", of: "Page"))
        let list = TypeReference.list(.nonNull(.named("Dog")))
        #expect(schema.isSubtype(.nonNull(list), of: .list(.named("Pet"))))
        #expect(!schema.isSubtype(.list(.named("Dog")), of: list))
        #expect(schema.field(named: "__typename", of: .object(schema.queryType))?.type.description == "String!")
        #expect(schema.type(named: "Dog").map { schema.field(named: "__schema", of: $0) == nil } == true)
    }

    @Test func `a printed schema is the same schema`() throws {
        let texts = [
            petSchemaText, "\"d\" schema { query: Q } type Q { a(b: [Int] = [1]): E @deprecated } enum E { \"v\" A }",
        ]
        for text in texts {
            let schema = try makeSchema(text)
            let printed = printSchema(schema, bindings: true)
            #expect(printSchema(try makeSchema(printed), bindings: true) == printed)
            #expect(try introspect(makeSchema(printed)) == introspect(schema))
        }
    }

    @Test func `bindings are printed only when asked for`() throws {
        let schema = try makeSchema(
            "directive @table(name: String!) on OBJECT type Query @table(name: \"secret\") { a: Int @deprecated }")
        #expect(!printSchema(schema).contains("secret") && !printSchema(schema).contains("@table"))
        #expect(printSchema(schema).contains("@deprecated"))
        #expect(printSchema(schema, bindings: true).contains("@table(name: \"secret\")"))
    }
}
