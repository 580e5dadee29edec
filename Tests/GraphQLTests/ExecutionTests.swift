import GraphQL
import OrderedCollections
import Testing

@Suite struct ExecutionTests {
    private func collect(
        _ text: String, on type: String = "Query", _ conditions: [String: Bool] = [:]
    ) throws -> OrderedDictionary<String, [Field]> {
        let document = try parseText(text)
        return collectFields(
            [document.operations[0].selectionSet], on: type, schema: try petSchema.get(), fragments: document.fragments,
            condition: { conditions[$0] ?? false })
    }

    @Test func `fields are grouped by response key in the order of first appearance`() throws {
        let fields = try collect(
            "{ b: dog { name } ...f a: dog { name } b: dog { nickname } __typename } fragment f on Query { c: pet { name } a: dog { name } }"
        )
        #expect(fields.keys == ["b", "c", "a", "__typename"])
        #expect(fields["b"]?.count == 2 && fields["a"]?.count == 2)
    }

    @Test func `type conditions hold for objects, interfaces and unions`() throws {
        let text = """
            { a ... on Dog { b } ... on Cat { c } ... on Pet { d } ... on CatOrDog { e } ... on Human { f } ... { g } ...h }
            fragment h on Sentient { i }
            """
        #expect(try collect(text, on: "Dog").keys == ["a", "b", "d", "e", "g"])
        #expect(try collect(text, on: "Cat").keys == ["a", "c", "d", "e", "g"])
        #expect(try collect(text, on: "Human").keys == ["a", "f", "g", "i"])
    }

    @Test func `skip and include are decided by literals and by the variables given`() throws {
        let text = """
            query q($x: Boolean!, $y: Boolean!) {
              a @skip(if: $x) b @include(if: $x) c @skip(if: true) d @include(if: true) e @skip(if: $x) @include(if: $y)
              ...f @include(if: $y) ... @skip(if: $x) { h }
            }
            fragment f on Query { g @include(if: $z) }
            """
        #expect(try collect(text, ["x": true]).keys == ["b", "d"])
        #expect(try collect(text, ["y": true, "z": true]).keys == ["a", "d", "e", "g", "h"])
        let document = try parseText(
            text + " query r($w: Boolean!) { a @skip(if: $w) } fragment s on Query { a @skip(if: $u) }")
        #expect(document.operations.map { document.conditionVariables(of: $0) } == [["x", "y", "z"], ["w"]])
    }

    @Test func `an operation is chosen by its name, or is the only one`() throws {
        let two = try parseText("query a { dog { name } } query b { dog { name } }")
        #expect(try selectOperation(named: "b", in: two).name == "b")
        for (name, text) in [
            (nil, "query a { x } query b { x }"), ("c", "query a { x }"), (nil, "fragment f on Dog { x }"),
        ] {
            let error = #expect(throws: GraphQLError.self) { try selectOperation(named: name, in: try parseText(text)) }
            #expect(error?.code == .operationResolutionFailed)
        }
        #expect(try selectOperation(named: nil, in: try parseText("{ x }")).operationType == .query)
    }

    private func complete(_ text: String, _ json: JSONValue) throws -> (JSONValue?, [GraphQLError]) {
        let schema = try petSchema.get()
        let document = try parseText(text)
        var completion = FieldCompletion(schema: schema, fragments: document.fragments, variables: CoercedVariables())
        let root = ObjectFromJSON(typeName: "Query", members: json.objectValue ?? [:], schema: schema)
        let data = completion.complete([document.operations[0].selectionSet], of: root, path: [])
        return (data, completion.errors)
    }

    @Test func `values are completed by type and selection`() throws {
        let (data, errors) = try complete(
            "{ d: dog { __typename n: name ...v owner { pets { name __typename } } } catOrDog { ... on Cat { meowVolume } } pet { name } }\n"
                + "fragment v on Pet { ... on Dog { barkVolume } }",
            [
                "dog": ["name": "Rex", "barkVolume": 3, "owner": ["pets": [["__typename": "Cat", "name": "Tom"]]]],
                "catOrDog": ["__typename": "Cat", "meowVolume": 2],
            ])
        #expect(errors.isEmpty)
        let expected: JSONValue = [
            "d": [
                "__typename": "Dog", "n": "Rex", "barkVolume": 3,
                "owner": ["pets": [["name": "Tom", "__typename": "Cat"]]],
            ],
            "catOrDog": ["meowVolume": 2], "pet": .null,
        ]
        #expect(data == expected)
    }

    @Test func `null propagates to the nearest nullable field, with the exact path`() throws {
        let (data, errors) = try complete(
            "{ human { a: name pets { n: name } } dog { barkVolume } }",
            [
                "human": ["name": "A", "pets": [["__typename": "Dog", "name": "x"], ["__typename": "Dog"]]],
                "dog": ["barkVolume": 1],
            ])
        #expect(data == ["human": ["a": "A", "pets": .null], "dog": ["barkVolume": 1]])
        #expect(errors.map(\.path) == [[.key("human"), .key("pets"), .index(1), .key("n")]])
        #expect(errors[0].locations == [SourceLocation(line: 1, column: 26)])
        let (list, nulls) = try complete("{ human { name pets { name } } }", ["human": ["name": "A", "pets": [.null]]])
        #expect(list == ["human": ["name": "A", "pets": .null]])
        #expect(nulls.map(\.path) == [[.key("human"), .key("pets"), .index(0)]])
        let (root, up) = try complete("{ human { name } }", ["human": [:]])
        #expect(root == ["human": .null] && up.count == 1)
    }

    @Test func `values that do not fit their type are errors without detail`() throws {
        for wrong: JSONValue in [["barkVolume": "loud"], ["barkVolume": 2_147_483_648], ["barkVolume": [1]]] {
            let (data, errors) = try complete("{ dog { barkVolume } }", ["dog": wrong])
            #expect(data == ["dog": ["barkVolume": .null]] && errors.map(\.code) == [.internalError])
        }
        let (data, errors) = try complete("{ pet { name } }", ["pet": ["__typename": "Human", "name": "x"]])
        #expect(data == ["pet": .null] && errors.count == 1)
    }

    /// Completes against a schema of its own.
    private func complete(
        _ text: String, _ json: JSONValue, schema: String, variables: OrderedDictionary<String, JSONValue> = [:]
    ) throws -> (JSONValue?, [GraphQLError]) {
        let schema = try makeSchema(schema)
        let document = try parseText(text)
        var completion = FieldCompletion(
            schema: schema, fragments: document.fragments, variables: CoercedVariables(variables))
        let root = ObjectFromJSON(typeName: "Query", members: json.objectValue ?? [:], schema: schema)
        return (completion.complete([document.operations[0].selectionSet], of: root, path: []), completion.errors)
    }

    @Test(
        "An error's path holds response keys and indices down to the value that failed",
        arguments: [
            ("{ g: grid }", ["grid": [[1, .null], [2]]], ["g": [.null, [2]]], [[.key("g"), .index(0), .index(1)]]),
            (
                "{ grid }", ["grid": [[1, "x"], .null, [3, .null]]], ["grid": [.null, .null, .null]],
                [[.key("grid"), .index(0), .index(1)], [.key("grid"), .index(2), .index(1)]]
            ),
            ("{ strict }", ["strict": [1, .null]], .null, [[.key("strict"), .index(1)]]),
            (
                "{ list { first: a { b } } }", ["list": [["a": ["b": 1]], ["a": .null], ["a": ["b": .null]]]],
                ["list": [["first": ["b": 1]], .null, .null]],
                [
                    [.key("list"), .index(1), .key("first")],
                    [.key("list"), .index(2), .key("first"), .key("b")],
                ]
            ),
            // Of two siblings that fail under one parent, the first alone is told: the parent is null once.
            (
                "{ list { x: a { b } y: a { b } } }", ["list": [["a": .null]]], ["list": [.null]],
                [[.key("list"), .index(0), .key("x")]]
            ),
            ("{ grid }", ["grid": 1], ["grid": .null], [[.key("grid")]]),
            ("{ grid }", ["grid": [1]], ["grid": [.null]], [[.key("grid"), .index(0)]]),
        ] as [(String, JSONValue, JSONValue, [[PathElement]])])
    func paths(_ text: String, _ value: JSONValue, _ expected: JSONValue, _ paths: [[PathElement]]) throws {
        let schema = "type Query { grid: [[Int!]] strict: [Int!]! list: [L] } type L { a: A! } type A { b: Int! }"
        let (data, errors) = try complete(text, value, schema: schema)
        #expect((data ?? .null) == expected)
        #expect(errors.map(\.path) == paths)
        #expect(errors.allSatisfy { !$0.locations.isEmpty && $0.code == .internalError })
    }

    @Test func `an argument that does not fit fails its field alone, at the field's path`() throws {
        let (data, errors) = try complete(
            "query ($x: Int) { a: f(n: $x) f(n: 1) }", ["f": 7],
            schema: "type Query { f(n: Int! = 2): Int }", variables: ["x": .null])
        #expect(data == ["a": .null, "f": 7])
        #expect(errors.map(\.path) == [[.key("a")]] && errors.map(\.code) == [.badUserInput])
        #expect(errors[0].locations == [SourceLocation(line: 1, column: 27)])
    }

    @Test(
        "An ID is always a string in the response",
        arguments: [
            ("a", "a"), (4, "4"), (-4, "-4"), (.number("92233720368547758079"), "92233720368547758079"),
            (.number("1.5"), nil), (true, nil), ([1], nil),
        ] as [(JSONValue, JSONValue?)])
    func ids(_ value: JSONValue, _ expected: JSONValue?) throws {
        let (data, errors) = try complete("{ id }", ["id": value], schema: "type Query { id: ID }")
        #expect(data == ["id": expected ?? .null] && errors.count == (expected == nil ? 1 : 0))
    }

    @Test func `a response has its errors first, and data where there is some`() {
        var bytes: [UInt8] = []
        let error = GraphQLError(
            "no", code: .badUserInput, locations: [SourceLocation(line: 1, column: 2)], path: [.key("a"), .index(0)],
            extensions: ["x": 1])
        GraphQLResponse.write(data: .bytes(Array("{\"a\":1}".utf8)), errors: [error], extensions: ["t": 2], to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"errors":[{"message":"no","locations":[{"line":1,"column":2}],"path":["a",0],"extensions":{"code":"BAD_USER_INPUT","x":1}}],"data":{"a":1},"extensions":{"t":2}}"#
        )
        let placeless = GraphQLError("no", code: .badUserInput, locations: [.none])
        #expect(placeless.jsonValue == ["message": "no", "extensions": ["code": "BAD_USER_INPUT"]])
        bytes = []
        GraphQLResponse.write(data: .value(.null), to: &bytes)
        #expect(bytes == Array("{\"data\":null}".utf8))
        bytes = []
        GraphQLResponse.write(data: .absent, errors: [], to: &bytes)
        #expect(bytes == Array("{}".utf8))
    }
}
