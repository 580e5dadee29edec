import GraphQL
import OrderedCollections
import Testing

@Suite struct ValidationTests {
    @Test("Section 5 of the specification", arguments: sectionFiveCases)
    func holds(_ example: ValidationCase) throws {
        let schema = try example.schemaText.map { try makeSchema($0) } ?? petSchema.get()
        let errors = validate(try parseText(example.document), against: schema)
        #expect(Set(errors.map(\.rule)) == example.rules, "\(errors.map(\.message))")
        #expect(errors.allSatisfy { !$0.locations.isEmpty && $0.code == .validationFailed })
    }

    @Test func `every rule is broken by some counter-example`() {
        let broken = sectionFiveCases.reduce(into: Set<String>()) { $0.formUnion($1.rules) }
        let elsewhere: Set<String> = ["IntrospectionIsEnabled"]
        #expect(broken.union(elsewhere) == Set(specifiedRules.map(\.name)))
    }

    @Test func `an operation whose kind the schema lacks is refused`() throws {
        let schema = try makeSchema("type Query { a: Int }")
        for text in ["mutation { a }", "subscription { a }"] {
            let errors = validate(try parseText(text), against: schema)
            #expect(errors.map(\.rule) == ["KnownOperationTypes"])
        }
        #expect(validate(try parseText("{ a }"), against: schema).isEmpty)
    }

    @Test func `introspection can be switched off, and __typename stays`() throws {
        let schema = try petSchema.get()
        let options = ValidationOptions(introspection: false)
        let errors = validate(try parseText("{ __schema { description } }"), against: schema, options: options)
        #expect(errors.map(\.code) == [.introspectionDisabled])
        #expect(validate(try parseText("{ __typename }"), against: schema, options: options).isEmpty)
        #expect(validate(try parseText("{ __schema { description } }"), against: schema).isEmpty)
    }

    @Test func `suggestions can be switched off`() throws {
        let schema = try petSchema.get()
        let document = try parseText("{ dog { nickName } }")
        #expect(validate(document, against: schema)[0].message.contains("Did you mean “nickname”"))
        let silent = validate(document, against: schema, options: ValidationOptions(suggestions: false))
        #expect(silent.count == 1 && !silent[0].message.contains("nickname"))
    }

    @Test func `what is hidden is answered as if it did not exist`() throws {
        let schema = try petSchema.get()
        let visibility = Visibility { element in
            switch element {
            case .field(let field, _): field.name != "nickname"
            case .type(let type): type.name != "Human"
            default: true
            }
        }
        let options = ValidationOptions(visibility: visibility)
        let texts = ["{ dog { nickname } }", "{ human { name } }", "{ dog { owner { name } } }"]
        for text in texts {
            let errors = validate(try parseText(text), against: schema, options: options)
            #expect(errors.map(\.rule) == ["FieldsOnCorrectType"])
            #expect(validate(try parseText(text), against: schema).isEmpty)
        }
        let absent = validate(try parseText("{ dog { nicknamf } }"), against: schema, options: options)
        #expect(!absent[0].message.contains("nickname"))
    }

    @Test func `errors come in the order of the document and end at the limit`() throws {
        let schema = try petSchema.get()
        let fields = (0..<300).map { "f\($0)" }.joined(separator: "\n")
        let errors = validate(try parseText("{ dog {\n\(fields)\n} }"), against: schema)
        #expect(errors.count == Limits().errors)
        #expect(errors.map { $0.locations[0] } == errors.map { $0.locations[0] }.sorted())
    }
}
