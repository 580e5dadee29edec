import GraphQL
import OrderedCollections
import Testing

/// The answer to the query that tools send.
func introspect(
    _ schema: Schema, _ query: String = introspectionQuery, visibility: Visibility = .all
) throws -> JSONValue? {
    let document = try parseText(query)
    #expect(validate(document, against: schema).map(\.message) == [])
    let operation = try selectOperation(named: nil, in: document)
    let fields = collectFields(
        [operation.selectionSet], on: schema.queryType.name, schema: schema, fragments: document.fragments,
        condition: { _ in false })
    var members: OrderedDictionary<String, JSONValue> = [:]
    for (key, fields) in fields {
        let answer = Introspection(schema: schema, visibility: visibility)
            .answer(fields, fragments: document.fragments, variables: CoercedVariables())
        #expect(answer.errors.map(\.message) == [])
        members[key] = answer.value
    }
    return .object(members)
}

@Suite struct IntrospectionTests {
    @Test func `every type, field and directive is told`() throws {
        let schema = try petSchema.get()
        let answer = try #require(try introspect(schema)?["__schema"])
        func names(_ member: String, where isMeant: (JSONValue) -> Bool = { _ in true }) -> [String] {
            let items: [JSONValue] = answer[member]?.arrayValue ?? []
            return items.filter(isMeant).compactMap { (item: JSONValue) in item["name"]?.stringValue }
        }
        #expect(names("types") == Array(schema.types.keys))
        let directives: Set<String> = ["tag", "include", "skip", "deprecated", "specifiedBy", "oneOf"]
        #expect(Set(names("directives")) == directives)
        #expect(answer["queryType"] == ["name": "Query", "kind": "OBJECT"])
        #expect(names("types") { $0["isOneOf"] == true } == ["PetInput"])
    }

    @Test func `kinds, wrappers, defaults and deprecation are as the specification has them`() throws {
        let schema = try makeSchema(
            """
            type Query { old: Int @deprecated(reason: "use new") new(a: [Int!]! = [1, 2], b: Int @deprecated): [E!]! }
            enum E { A B @deprecated } scalar Url @specifiedBy(url: "https://example.com") input I { x: String = "y" z: Int @deprecated }
            """)
        let query = """
            { q: __type(name: "Query") { fields { name args { name defaultValue type { kind ofType { kind ofType { name } } } } }
                all: fields(includeDeprecated: true) { name isDeprecated deprecationReason args(includeDeprecated: true) { name } }
                inputFields { name } ofType { name } enumValues { name } isOneOf }
              e: __type(name: "E") { enumValues { name } all: enumValues(includeDeprecated: true) { name deprecationReason } fields { name } }
              u: __type(name: "Url") { specifiedByURL kind }
              i: __type(name: "I") { isOneOf inputFields { name defaultValue } all: inputFields(includeDeprecated: true) { name } }
              none: __type(name: "None") { name } }
            """
        let expected: JSONValue = [
            "q": [
                "fields": [
                    [
                        "name": "new",
                        "args": [
                            [
                                "name": "a", "defaultValue": "[1, 2]",
                                "type": ["kind": "NON_NULL", "ofType": ["kind": "LIST", "ofType": ["name": .null]]],
                            ]
                        ],
                    ]
                ],
                "all": [
                    ["name": "old", "isDeprecated": true, "deprecationReason": "use new", "args": []],
                    [
                        "name": "new", "isDeprecated": false, "deprecationReason": .null,
                        "args": [["name": "a"], ["name": "b"]],
                    ],
                ],
                "inputFields": .null, "ofType": .null, "enumValues": .null, "isOneOf": .null,
            ],
            "e": [
                "enumValues": [["name": "A"]],
                "all": [
                    ["name": "A", "deprecationReason": .null],
                    ["name": "B", "deprecationReason": "No longer supported"],
                ], "fields": .null,
            ],
            "u": ["specifiedByURL": "https://example.com", "kind": "SCALAR"],
            "i": [
                "isOneOf": false, "inputFields": [["name": "x", "defaultValue": "\"y\""]],
                "all": [["name": "x"], ["name": "z"]],
            ], "none": .null,
        ]
        #expect(try introspect(schema, query) == expected)
    }

    @Test func `what is hidden is nowhere to be found`() throws {
        let schema = try petSchema.get()
        let visibility = Visibility { element in
            switch element {
            case .type(let type): type.name != "Human" && type.name != "ComplexInput"
            case .field(let field, let parent): !(field.name == "nickname" && parent.name == "Dog")
            case .enumValue(let value): value.name != "HEEL"
            case .directive(let directive): directive.name != "tag"
            case .argument(let argument): argument.name != "atOtherHomes"
            case .inputField(let field): field.name != "meowVolume"
            }
        }
        let text = String(decoding: try introspect(schema, visibility: visibility)?.bytes ?? [], as: UTF8.self)
        for hidden in ["\"Human\"", "\"ComplexInput\"", "\"HEEL\"", "\"tag\"", "\"atOtherHomes\""] {
            #expect(!text.contains(hidden), "\(hidden)")
        }
        let all = String(decoding: try introspect(schema)?.bytes ?? [], as: UTF8.self)
        for hidden in ["\"Human\"", "\"ComplexInput\"", "\"HEEL\"", "\"tag\"", "\"atOtherHomes\""] {
            #expect(all.contains(hidden))
        }
        let printed = printSchema(schema, visibility: visibility)
        #expect(!printed.contains("type Human") && !printed.contains(": Human") && !printed.contains("| Human"))
        #expect(printSchema(schema).contains("type Human"))
    }
}
