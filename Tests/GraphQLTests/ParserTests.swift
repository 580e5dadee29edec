import GraphQL
import Testing

let executableKitchenSink = #"""
    "An operation with everything"
    query everything("the first" $a: ComplexType, "the second" $b: [[Int!]!]! = [[1, 2], []] @onVariable) @onQuery(x: 1) {
      whoever123is: node(id: [123, 456]) {
        id
        ... on User @onInlineFragment {
          field2 {
            id
            alias: field1(first: 10, after: $a) @include(if: $a) { id, ...frag @onFragmentSpread }
          }
        }
        ... @skip(unless: $b) { id }
        ... { id }
      }
    }
    mutation likeStory @onMutation { like(story: 123) @onField { story { id @onField } } }
    subscription StoryLikeSubscription($input: StoryLikeSubscribeInput @onVariable = null) @onSubscription {
      storyLikeSubscribe(input: $input) { story { likers { count } likeSentence { text } } }
    }
    """A fragment with everything"""
    fragment frag on Friend @onFragmentDefinition {
      foo(size: -1.5e3, bar: {key: "value \u{1F600} \n", block: """
        block string uses \"""
          indented
      """, nested: {list: [true, false, null, ENUM, $v, []], empty: {}}})
      on query mutation subscription fragment true false null type
    }
    query { __typename }
    query ($only: Int) { f(a: $only) }
    { unnamed(truthy: true, falsy: false, nullish: null) query }
    """#.replacing(
        "$input: StoryLikeSubscribeInput @onVariable = null", with: "$input: StoryLikeSubscribeInput = null @onVariable"
    )

let typeSystemKitchenSink = #"""
    """This is a description of the schema."""
    schema @a(x: 1) { query: QueryType mutation: MutationType subscription: SubscriptionType }
    extend schema @b
    extend schema @c { subscription: SubscriptionType }
    """
    This is a description
      of the `Foo` type, "quoted", with a \""" inside.
    """
    type Foo implements Bar & Baz & Two @onObject(key: "value") {
      "Description of the `one` field."
      one: Type
      """This is a description of the `two` field."""
      two("This is a description of the `argument` argument." argument: InputType! = {a: [1, 2]} @onArgument): Type
      three(argument: InputType, other: String): Int @deprecated(reason: "no")
      four(argument: String = "string"): [[String!]]!
    }
    type Leading implements & Bar & Baz { a: Int }
    type Undefined
    extend type Foo { seven(argument: [String]): Type }
    extend type Foo @onType
    extend type Foo implements Eight
    interface Bar { one: Type four(argument: String = "string"): String }
    interface AnnotatedInterface implements Bar & Other @onInterface { annotatedField(arg: Type @onArg): Type @onField }
    extend interface Bar implements Two { two(argument: InputType!): Type }
    extend interface Bar @onInterface
    union Feed = Story | Article | Advert
    union AnnotatedUnion @onUnion = | A | B
    union UndefinedUnion
    extend union Feed = Photo | Video
    extend union Feed @onUnion
    scalar CustomScalar
    scalar AnnotatedScalar @onScalar
    extend scalar CustomScalar @onScalar
    enum Site {
      """This is a description of the `DESKTOP` value"""
      DESKTOP
      MOBILE @onEnumValue
      WEB
    }
    extend enum Site { VR }
    extend enum Site @onEnum
    enum UndefinedEnum
    input InputType { key: String! answer: Int = 42 @onField "with a description" last: [Int] = [1] }
    input UndefinedInput
    extend input InputType { other: Float = 1.23e4 @onInputFieldDefinition }
    extend input InputType @onInputObject
    "a directive"
    directive @include2("condition" if: Boolean! @onArg) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
    directive @leading repeatable on | QUERY | VARIABLE_DEFINITION | INPUT_FIELD_DEFINITION
    """#

@Suite struct ParserTests {
    @Test("Printing then parsing gives the same tree", arguments: [executableKitchenSink, typeSystemKitchenSink])
    func roundTrip(_ text: String) throws {
        let document = try parseText(text, withLocations: false)
        let printed = printDocument(document)
        let again = try parseText(printed, withLocations: false)
        #expect(again == document)
        #expect(printDocument(again) == printed)
    }

    @Test(
        "Block strings of any content survive printing",
        arguments: [
            "", "a", " a", "\ta", "a\nb", " a\nb", "a\n b", "a\n  b\n  c", "a\n\n b", "\"", "a\"", "\"\"\"",
            "a\"\"\"b\"\"\"",
            "\\", "a\\", "\\\"\"\"", "a\n\nb", "  a\n  b", "a\n \nb", String(repeating: "long ", count: 30), "é😀\n\tü",
        ])
    func blockStrings(_ text: String) throws {
        for (prefix, suffix) in [("{ f(a: ", ") }"), ("{ x { y { f(a: ", ") } } }")] {
            let printed = printValue(Value(.string(text, block: true)))
            let document = try parseText(prefix + printed + suffix, withLocations: false)
            #expect(printed.contains("\"\"\"") || text.isEmpty == false)
            let again = try parseText(printDocument(document), withLocations: false)
            #expect(again == document)
        }
        #expect(try text == literal(printValue(Value(.string(text, block: true)))).stringValue)
        #expect(try text == literal(printValue(Value(.string(text, block: false)))).stringValue)
    }

    private func literal(_ text: String) throws -> Value {
        guard case .operation(let operation) = try parseText("{ f(a: \(text)) }").definitions[0],
            case .field(let field) = operation.selectionSet.selections[0]
        else { throw GraphQLError("no field", code: .parseFailed) }
        return field.arguments[0].value
    }

    @Test(
        "Syntax errors say where, what was found and what was expected",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("{}", 1, 2), ("{ a", 1, 4), ("query", 1, 6), ("notAKeyword { a }", 1, 1),
            ("{ ...on }", 1, 9), ("fragment on on on { on }", 1, 10), ("fragment a { a }", 1, 12), ("{ a: }", 1, 6),
            ("query ($a: Int = $b) { a }", 1, 18), ("query ($a) { a }", 1, 10), ("query () { a }", 1, 8),
            ("{ f(a: [) }", 1, 9), ("{ f() }", 1, 5), ("{ f(a: {b: }) }", 1, 12), ("\"text\" { a }", 1, 1),
            ("\"text\" extend type A { a: Int }", 1, 1), ("extend type A", 1, 14), ("extend scalar A", 1, 16),
            ("extend schema", 1, 14), ("type A {}", 1, 9), ("enum A { true }", 1, 10), ("union A = ", 1, 11),
            ("directive @a on NOWHERE", 1, 17), ("directive @a on QUERY |", 1, 24),
            ("type A implements { a: Int }", 1, 19),
            ("schema { other: A }", 1, 10), ("extend query { a }", 1, 8), ("input A { a(b: Int): Int }", 1, 12),
            ("query ($a: Int!!) { a }", 1, 16), ("{ a } }", 1, 7),
        ])
    func errors(_ text: String, _ line: Int, _ column: Int) {
        do throws(GraphQLError) {
            _ = try parse(Array(text.utf8))
            Issue.record("“\(text)” parsed")
        } catch {
            #expect(error.locations == [SourceLocation(line: line, column: column)], "\(error.message)")
            #expect(error.code == .parseFailed && error.message.hasPrefix("Syntax error: "))
        }
    }

    @Test func `a long text is never echoed`() {
        let text = String(repeating: "x", count: 5_000)
        for document in [text, "{ a \"\(text)\" }", "{ f(a: {\(text) 1}) }"] {
            #expect(throws: GraphQLError.self) { try parseText(document) }
            if let error = #expect(throws: GraphQLError.self, performing: { try parseText(document) }) {
                #expect(error.message.count < 200)
            }
        }
    }
}
