import GraphQL
import OrderedCollections
import Testing

/// What people read when something is wrong: where, what was found, what was expected.
@Suite struct ErrorMessageTests {
    @Test("Syntax errors", arguments: syntaxErrors)
    func syntax(_ text: String, _ place: String, _ message: String) {
        let error = #expect(throws: GraphQLError.self) { try parseText(text) }
        #expect(error?.message == "Syntax error: " + message)
        #expect(error?.locations.map { "\($0.line):\($0.column)" } == [place])
        #expect(error?.path == nil)
    }

    @Test("Validation", arguments: validationErrors)
    func validation(_ document: String, _ expected: [String]) throws {
        let errors = validate(try parseText(document), against: try petSchema.get())
        let told = errors.map { error in
            error.locations.map { "\($0.line):\($0.column)" }.joined(separator: " ") + " " + error.message
        }
        #expect(told == expected)
        #expect(errors.allSatisfy { $0.path == nil })
    }

    @Test func `every rule has its messages in the table`() throws {
        let rules = try validationErrors.flatMap { example in
            validate(try parseText(example.document), against: try petSchema.get()).map(\.rule)
        }
        // A schema without mutations, and introspection switched off, are told elsewhere.
        let elsewhere: Set<String> = ["KnownOperationTypes", "IntrospectionIsEnabled"]
        #expect(Set(rules).union(elsewhere) == Set(specifiedRules.map(\.name)))
    }

    @Test("Variables", arguments: variableErrors)
    func variables(_ type: String, _ json: String?, _ expected: String) throws {
        let operation = try parseText("query ($v: \(type)) { dog { name } }").operations[0]
        let input: OrderedDictionary<String, JSONValue> =
            try json.map { ["v": try JSONValue(parsing: Array($0.utf8))] } ?? [:]
        let schema = try petSchema.get()
        let errors = #expect(throws: GraphQLErrors.self) {
            try coerceVariables(of: operation, schema: schema, from: input)
        }
        #expect(errors?.errors.map(\.message) == [expected])
        #expect(errors?.errors.map(\.locations) == [[SourceLocation(line: 1, column: 8)]])
        #expect(errors?.errors.map(\.path) == [nil])
    }

    /// A name that nobody should have to read.
    private static let long = String(repeating: "x", count: 20_000)

    @Test(
        "A long name is cut in every message",
        arguments: [
            "{ L }", "{ dog { L: name L: nickname } }", "{ dog { ...L } }", "{ dog { name(L: 1) } }",
            "{ dog { ... on L { name } } }", "{ dog @L { name } }", "query ($L: Int) { dog { name } }",
            "query L($L: Int, $L: Int) { dog { name } }", "query L { dog { name } } query L { dog { name } }",
            "{ arguments { intArgField(intArg: $L) } }", "query L { arguments { intArgField(intArg: $L) } }",
            "{ dog { name } } fragment L on Dog { name ...L }", "fragment L on L { name } { dog { ...L } }",
            "{ dog { ...L } } fragment L on Dog { name } fragment L on Dog { name }",
            "{ dog { ...L } } fragment L on Cat { name }", "query ($L: LL) { dog { name } }",
            "{ dog { doesKnowCommand(dogCommand: L) } }", "{ dog { doesKnowCommand(dogCommand: \"L\") } }",
            "{ findDog(complex: {L: 1}) { name } }", "{ findDog(complex: {L: 1, L: 2}) { name } }",
            "{ L: dog }", "{ L: dog { name { L } } }", "{ arguments { intArgField(intArg: \"L\") } }",
            "subscription L { newMessage { body } disallowedSecondRootField }",
            "query ($L: String) { arguments { intArgField(intArg: $L) } }",
            "mutation ($L: CatInput) { addPet(pet: {cat: $L}) { name } }", "query ($L: Dog) { dog { name } }",
        ])
    func bounded(_ text: String) throws {
        let document = try parseText(
            text.replacing("L", with: Self.long), limits: .trusted)
        let errors = validate(document, against: try petSchema.get(), options: ValidationOptions(limits: .trusted))
        #expect(!errors.isEmpty)
        for error in errors { #expect(error.jsonValue.bytes.count < 1_000, "\(error.message.prefix(300))") }
    }

    @Test func `long names of variables and members are cut, and values are never told`() throws {
        let schema = try petSchema.get()
        for (variable, json) in [
            ("L: Int", #"{"L": "secret"}"#), ("v: ComplexInput", #"{"v": {"L": "secret"}}"#),
            ("v: ComplexInput", #"{"v": {"name": ["secret"]}}"#), ("v: DogCommand", #"{"v": "secret"}"#),
            ("v: [Int]", #"{"v": ["secret"]}"#), ("v: ComplexInput", #"{"v": "secret"}"#),
        ] {
            let operation = try parseText(
                "query ($\(variable)) { a }".replacing("L", with: Self.long), limits: .trusted
            ).operations[0]
            let input = try JSONValue(parsing: Array(json.replacing("L", with: Self.long).utf8)).objectValue ?? [:]
            let errors = #expect(throws: GraphQLErrors.self) {
                try coerceVariables(of: operation, schema: schema, from: input)
            }
            for error in errors?.errors ?? [] {
                #expect(error.jsonValue.bytes.count < 1_000)
                #expect(!error.jsonValue.description.contains("secret"))
            }
        }
        let literals = [
            #"{ findDog(complex: "secret") { name } }"#, #"{ arguments { intArgField(intArg: "secret") } }"#,
        ]
        for text in literals {
            let errors = validate(try parseText(text), against: schema)
            #expect(errors.count == 1 && !errors[0].message.contains("secret"))
        }
    }
}

extension JSONValue {
    fileprivate var description: String { String(decoding: bytes, as: UTF8.self) }
}
