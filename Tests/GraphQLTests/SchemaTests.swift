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

    @Test("What section 3 forbids is told with file, line and column", arguments: schemaRefusals)
    func refusals(_ text: String, _ expected: [String]) {
        #expect(messages(text) == expected)
    }

    @Test(
        "What section 3 allows is accepted",
        arguments: [
            petSchemaText, "schema { query: Q } type Q { a: Int }",
            "type Query { a: Int } input I { i: I j: [I!]! } input J @oneOf { a: J b: Int }",
            // By the edition's letter a oneOf input breaks every circle, since its fields are nullable.
            "type Query { a: Int } input I @oneOf { i: I }",
            "type Query { a: Int } input I @oneOf { j: J } input J { i: I! }",
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
