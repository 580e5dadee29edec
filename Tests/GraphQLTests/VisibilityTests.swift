import GraphQL
import OrderedCollections
import Testing

/// What stands between ‹ and › is hidden.
private let marked = """
    type Query {
      dog(size: Int‹, secretSize: Int @hidden›, order: Order = {by: NAME‹, secretly: true›}): Dog
      pet: Pet
      ‹cat: Cat›
      ‹secretField: Int @hidden›
      ‹needsSecret(key: Int! @hidden): Int›
      color(color: Color‹, filter: SecretFilter, locked: Locked, deeper: Deeper›): Color
      sorted(direction: Direction‹ = SECRETLY›, directions: [Direction]‹ = [UP, SECRETLY]›): String
      cats: CatOrDog
      named: Named
      ‹weight: Float @hidden›
    }
    ‹type Mutation @hidden { rename: String }›
    interface Pet { name: String ‹secretName: String @hidden› }
    ‹interface Feline @hidden { name: String }›
    interface Named { name: String }
    type Dog implements Pet & Named { name: String ‹secretName: String @hidden› }
    ‹type Cat implements Pet & Feline @hidden { name: String secretName: String lives: Int }›
    type Cow implements ‹Feline & ›Named { name: String }
    union CatOrDog = ‹Cat | ›Dog
    ‹union OnlyCats @hidden = Cat›
    enum Color { RED ‹SECRET_RED @hidden› BLUE }
    enum Direction { UP DOWN ‹SECRETLY @hidden› }
    input Order { by: String_ ‹secretly: Boolean @hidden› limit: Int‹ more: SecretFilter› }
    enum String_ { NAME }
    ‹input SecretFilter @hidden { a: Int }›
    ‹input Locked { key: Int! @hidden other: Int }›
    ‹input Deeper { locked: Locked! }›
    directive @mark(size: Int‹, secretSize: Int @hidden›) repeatable on FIELD
    ‹directive @secretMark on FIELD›
    ‹directive @keyed(key: Int! @hidden) on FIELD›
    ‹directive @hidden on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION›
    """

private let whole = marked.filter { $0 != "‹" && $0 != "›" }

/// The same text without what is hidden.
private let shown: String = {
    var depth = 0
    return String(
        marked.filter { character in
            if character == "‹" { depth += 1 }
            if character == "›" {
                depth -= 1
                return false
            }
            return depth == 0
        })
}()

private let visibility = Visibility { element in
    func isHidden(_ directives: [Directive]) -> Bool { directives.first(named: "hidden") != nil }
    switch element {
    case .type(let type): return !isHidden(type.directives)
    case .field(let field, _): return !isHidden(field.directives)
    case .argument(let value), .inputField(let value): return !isHidden(value.directives)
    case .enumValue(let value): return !isHidden(value.directives)
    case .directive(let directive): return directive.name != "hidden" && directive.name != "secretMark"
    }
}

@Suite struct VisibilityTests {
    private let schemas = Result { (whole: try makeSchema(whole), shown: try makeSchema(shown)) }

    private struct Told: Hashable, CustomStringConvertible {
        let error: GraphQLError
        var description: String { "\(error.locations.map { "\($0.line):\($0.column)" }) \(error.message)" }
    }

    private func errors(_ text: String, _ schema: Schema, _ visibility: Visibility = .all) throws -> [Told] {
        validate(try parseText(text), against: schema, options: ValidationOptions(visibility: visibility))
            .map(Told.init)
    }

    @Test(
        "A document that uses something hidden gets the errors that it would get if that did not exist",
        arguments: [
            "{ cat { name } }", "{ secretField }", "{ secretfield }", "{ needsSecret(key: 1) }", "{ weight }",
            "{ needssecret }",
            "{ dog(secretSize: 1) { name } }", "{ dog(secretsize: 1) { name } }", "{ dog { secretName } }",
            "{ pet { secretName } }", "{ pet { secretname } }", "{ pet { ... on Cat { name } } }",
            "{ pet { ... on Kat { name } } }", "{ cats { ... on Feline { name } } }",
            "{ cats { ... on OnlyCats { __typename } } }",
            "{ pet { ... on Feline { name } } }", "{ color(color: SECRET_RED) }", "{ color(color: SECRET_RAD) }",
            "{ color(color: \"SECRET_RED\") }", "{ color(filter: {a: 1}) }", "{ color(locked: {key: 1}) }",
            "{ color(deeper: {locked: {key: 1}}) }",
            "{ dog(order: {secretly: true}) { name } }", "{ dog(order: {secretley: true}) { name } }",
            "{ dog(order: {more: {a: 1}}) { name } }", "{ pet @secretMark { name } }", "{ pet @secretMarc { name } }",
            "{ pet @mark(secretSize: 1) { name } }", "{ pet @mark(secretsize: 1) { name } }",
            "{ pet @keyed(key: 1) { name } }",
            "mutation { rename }", "query ($a: SecretFilter) { color(filter: $a) }",
            "query ($a: Locked) { color(locked: $a) }",
            "query ($c: Color = SECRET_RED) { color(color: $c) }",
            "query ($o: Order = {secretly: true}) { dog(order: $o) { name } }",
            "query ($d: [Direction] = [UP, SECRETLY]) { sorted(directions: $d) }",
            "fragment f on Cat { name } { pet { ...f } }",
        ])
    func unusable(_ text: String) throws {
        let (whole, shown) = try schemas.get()
        let hidden = try errors(text, whole, visibility)
        #expect(hidden == (try errors(text, shown)))
        #expect(!hidden.isEmpty)
        // Never suggested: only what the document itself names may be in a message.
        for name in [
            "secretField", "secretSize", "secretName", "SECRET_RED", "secretly", "secretMark", "needsSecret", "Cat",
        ]
        where !text.contains(name) {
            #expect(
                !hidden.contains { $0.error.message.contains("“\(name)”") || $0.error.message.contains("@\(name)”") })
        }
    }

    @Test(
        "Without hiding the same things can be used",
        arguments: [
            "{ cat { name } }", "{ secretField }", "{ needsSecret(key: 1) }", "{ dog(secretSize: 1) { name } }",
            "{ dog { secretName } }", "{ pet { ... on Cat { name } } }", "{ cats { ... on Feline { name } } }",
            "{ color(color: SECRET_RED) }", "{ color(filter: {a: 1}) }", "{ dog(order: {secretly: true}) { name } }",
            "{ pet @secretMark @mark(secretSize: 1) @keyed(key: 1) { name } }", "mutation { rename }",
            "query ($a: SecretFilter) { color(filter: $a) }", "{ pet { ... on Feline { name } } }",
        ])
    func usable(_ text: String) throws {
        let (whole, shown) = try schemas.get()
        #expect(try errors(text, whole).isEmpty)
        #expect(!(try errors(text, shown).isEmpty))
    }

    @Test(
        "What is left can be used",
        arguments: [
            "{ dog(size: 1, order: {by: NAME, limit: 1}) { name __typename } }", "{ color(color: RED) }",
            "{ sorted(direction: UP) }", "{ cats { ... on Named { name } } }", "{ pet @mark(size: 1) { name } }",
            "{ named { ... on Cow { name } } }",
        ])
    func left(_ text: String) throws {
        let (whole, shown) = try schemas.get()
        #expect(try errors(text, whole, visibility).isEmpty)
        #expect(try errors(text, shown).isEmpty)
    }

    @Test func `introspection and the printed schema are those of a schema that lacks the hidden things`() throws {
        let (whole, shown) = try schemas.get()
        #expect(try introspect(whole, visibility: visibility) == introspect(shown))
        #expect(try introspect(whole) != introspect(shown))
        #expect(printSchema(whole, visibility: visibility) == printSchema(shown))
        for name in ["Cat", "Feline", "SecretFilter", "Locked", "Deeper", "Mutation", "Float", "OnlyCats", "Nothing"] {
            let query = "{ __type(name: \"\(name)\") { name } }"
            #expect(try introspect(whole, query, visibility: visibility) == ["__type": .null])
        }
        #expect(try introspect(whole, "{ __type(name: \"Float\") { name } }") == ["__type": ["name": "Float"]])
    }

    @Test(
        "Variables cannot bring in what is hidden",
        arguments: [
            ("Color", "\"SECRET_RED\""), ("Color", "\"NO_SUCH\""), ("[Color]", "[\"RED\", \"SECRET_RED\"]"),
            ("Order", "{\"secretly\": true}"), ("Order", "{\"more\": {\"a\": 1}}"), ("Order", "{\"noSuch\": 1}"),
        ])
    func variables(_ type: String, _ json: String) throws {
        let (whole, shown) = try schemas.get()
        let operation = try parseText("query ($v: \(type)) { dog { name } }").operations[0]
        let input: OrderedDictionary<String, JSONValue> = ["v": try JSONValue(parsing: Array(json.utf8))]
        let hidden = #expect(throws: GraphQLErrors.self) {
            try coerceVariables(of: operation, schema: whole, from: input, visibility: visibility)
        }
        let absent = #expect(throws: GraphQLErrors.self) {
            try coerceVariables(of: operation, schema: shown, from: input)
        }
        #expect(hidden == absent)
        if !json.contains("o_such") && !json.lowercased().contains("such") {
            #expect(throws: Never.self) { try coerceVariables(of: operation, schema: whole, from: input) }
        }
    }

    @Test func `a hidden argument is not taken from the document, and keeps its default`() throws {
        let schema = try makeSchema(
            "type Query { f(a: Int, b: Int = 7, c: I = {}): Int } input I { x: Int = 1 b: Int = 2 }")
        let hidesB = Visibility { element in
            switch element {
            case .argument(let value), .inputField(let value): value.name != "b"
            default: true
            }
        }
        let document = try parseText("{ f(a: 1, b: 3) }")
        guard case .field(let field) = document.operations[0].selectionSet.selections[0],
            let definition = schema.queryType.fields["f"]
        else { return }
        func values(_ visibility: Visibility) throws -> OrderedDictionary<String, JSONValue> {
            try coerceArguments(
                field, definition: definition, variables: CoercedVariables(), schema: schema, visibility: visibility)
        }
        #expect(try values(hidesB) == ["a": 1, "b": 7, "c": ["x": 1, "b": 2]])
        #expect(try values(.all) == ["a": 1, "b": 3, "c": ["x": 1, "b": 2]])
    }
}
