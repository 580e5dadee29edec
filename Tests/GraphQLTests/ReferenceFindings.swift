import GraphQL
import OrderedCollections
import Testing

/// What the comparison with the reference implementation has found, each in the smallest document that shows it.
@Suite struct ReferenceFindings {
    @Test(
        "A subscription's root field is looked for where fragments apply, and there must be one",
        arguments: [
            ("subscription { newMessage { body } ... on Cat { name } }", ["PossibleFragmentSpreads"]),
            ("subscription { newMessage { body } ... on Nothing { name } }", ["KnownTypeNames"]),
            ("subscription { newMessage { body } ... on Int { name } }", ["FragmentsOnCompositeTypes"]),
            (
                "subscription { newMessage { body } ...f } fragment f on Cat { name }", ["PossibleFragmentSpreads"]
            ),
            ("subscription { ...f }", ["KnownFragmentNames", "SingleFieldSubscriptions"]),
            (
                "subscription { ... on Cat { name } }", ["PossibleFragmentSpreads", "SingleFieldSubscriptions"]
            ),
            ("subscription { ... on Subscription { newMessage { body } } }", []),
        ])
    func rootField(document: String, rules: [String]) throws {
        let errors = validate(try parseText(document), against: try petSchema.get())
        #expect(Set(errors.map(\.rule)) == Set(rules))
        #expect(errors.allSatisfy { !$0.locations.isEmpty })
    }

    @Test(
        "An object with a variable in it fits a custom scalar, and no built-in one",
        arguments: [("booleanList(booleanListArg: {x: $a})", false), ("anything(json: {x: [$a]})", true)])
    func literalWithVariable(field: String, isValid: Bool) throws {
        let errors = validate(try parseText("query ($a: Int) { \(field) }"), against: try petSchema.get())
        #expect(errors.map(\.rule) == (isValid ? [] : ["ValuesOfCorrectType"]))
    }

    @Test func `a built-in scalar that nothing refers to is no part of the schema`() throws {
        let schema = try makeSchema("type Query { a(id: ID): String } directive @d(size: Float) on FIELD")
        #expect(schema.type(named: "Int") == nil)
        for name in ["ID", "Float", "String", "Boolean"] { #expect(schema.type(named: name) != nil) }
        let errors = validate(try parseText("query ($n: Int) { a(id: $n) }"), against: schema)
        #expect(errors.map(\.rule) == ["KnownTypeNames"])
    }

    @Test func `a query in the short form is not printed behind a type without fields`() throws {
        let document = try parseText("type Bare query { a } enum Empty query { a }", withLocations: false)
        #expect(document.operations.count == 2)
        #expect(try parseText(printDocument(document), withLocations: false) == document)
    }
}
