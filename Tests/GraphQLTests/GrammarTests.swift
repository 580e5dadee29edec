import GraphQL
import Testing

/// The grammar of sections 2 and 3, production by production: texts that each derives.
private let productions: [(production: String, text: String)] = [
    ("Ignored", "\u{FEFF}{\u{FEFF},, a # comment\r\n\t}\u{FEFF}"),
    ("Comment with any character", "{ a # \u{0}\u{7}\u{FFFF}\u{10FFFF}\n}"),
    ("Name", "{ _ __ a1 A_b_9 }"),
    ("Name that is a keyword elsewhere", "query query($on: on) { on(on: $on) type fragment null true false extend }"),
    ("Document of both kinds", "{ a } type Query { a: Int }"),
    ("OperationDefinition, shorthand", "{ a }"),
    ("OperationDefinition, anonymous", "query { a } mutation { b } subscription { c }"),
    ("OperationDefinition, whole", "\"text\" query Q($a: Int) @d { a }"),
    ("OperationDefinition, block description", "\"\"\"\n  text\n\"\"\" mutation M @a @b(c: 1) { a }"),
    ("SelectionSet", "{ a b, c { d } ...F ... { e } }"),
    ("Field", "{ alias: name(argument: 1) @directive { a } }"),
    ("Arguments", "{ a(b: 1, c: $d e: [F]) }"),
    ("FragmentSpread", "{ ...F ...G @d(e: 1) ...query ...ONE }"),
    ("InlineFragment", "{ ... on A { b } ... @d { c } ... { d } ... on on { e } }"),
    ("FragmentDefinition", "\"text\" fragment F on A @d { b } fragment fragment on fragment { c }"),
    ("IntValue", "{ a(b: [0, -0, 1, -12, 123456789012345678901234567890]) }"),
    ("FloatValue", "{ a(b: [0.0, -0.0, 1.5, 1e3, 1E-3, 1.5e+3, 0e0]) }"),
    ("BooleanValue, NullValue", "{ a(b: [true, false, null]) }"),
    ("StringValue", ##"{ a(b: ["", "a", "\" \\ \/ \b \f \n \r \t", "\u0041\u{1F600}\uD83D\uDE00", "# , é 😀"]) }"##),
    ("StringValue with control characters", "{ a(b: \"\u{0}\u{1}\t\u{7F}\") }"),
    ("BlockString", "{ a(b: \"\"\"\n  one\n    two \\\"\"\" three \\n \"\n  \"\"\", c: \"\"\"\"\"\") }"),
    ("EnumValue", "{ a(b: [ONE, on, query, type, nulls]) }"),
    ("ListValue", "{ a(b: [], c: [[]], d: [1 2,3]) }"),
    ("ObjectValue", "{ a(b: {}, c: {d: 1 e: {f: $g}, null: null}) }"),
    ("VariablesDefinition", "query ($a: Int, $b: [Int!]! = [1] @d, \"text\" $c: In = {d: 1}) { a }"),
    ("Type", "query ($a: A $b: A! $c: [A] $d: [A!]! $e: [[[A]]!]!) { a }"),
    ("Directives", "query @a @b(c: $d) @a { e @f }"),
    ("SchemaDefinition", "\"text\" schema @a { query: Q mutation: M subscription: S }"),
    ("SchemaExtension", "extend schema @a extend schema @b { query: Q } extend schema { mutation: M }"),
    ("ScalarTypeDefinition", "\"text\" scalar A @b(c: 1) scalar D"),
    ("ScalarTypeExtension", "extend scalar A @b"),
    (
        "ObjectTypeDefinition",
        "\"text\" type A implements & B & C @d { \"text\" e: F } type G type H @i type J implements K"
    ),
    (
        "ObjectTypeExtension",
        "extend type A { b: C } extend type A @b extend type A implements B extend type A implements B @c { d: E }"
    ),
    ("FieldDefinition", "type A { \"text\" b(c: D = 1 @e, \"text\" f: G): [H!]! @i type: type }"),
    ("InterfaceTypeDefinition", "\"text\" interface A implements B & C @d { e: F } interface G"),
    ("InterfaceTypeExtension", "extend interface A { b: C } extend interface A @b extend interface A implements B"),
    ("UnionTypeDefinition", "\"text\" union A @b = | C | D union E = F union G"),
    ("UnionTypeExtension", "extend union A @b = C extend union A = | C extend union A @b"),
    ("EnumTypeDefinition", "\"text\" enum A @b { \"text\" C @d E on } enum F"),
    ("EnumTypeExtension", "extend enum A @b { C } extend enum A @b"),
    ("InputObjectTypeDefinition", "\"text\" input A @b { \"text\" c: D = {e: [1]} @f g: H } input I"),
    ("InputObjectTypeExtension", "extend input A @b { c: D } extend input A @b"),
    (
        "DirectiveDefinition",
        "\"text\" directive @a(b: C = 1 @d) repeatable on QUERY | FIELD directive @repeatable on | SCHEMA"
    ),
    (
        "DirectiveLocation",
        "directive @a on " + DirectiveLocation.allCases.map(\.rawValue).joined(separator: " | ")
    ),
]

/// Texts that no production derives, each near one that does.
private let refused: [String] = [
    "{ a } 1", "{ 1 }", "{ $a }", "{ \"a\" }", "{ a: }", "{ a:: b }", "{ a: b: c }", "{ a() }", "{ a(b) }",
    "{ a(b: 1 }",
    "{ a(1: b) }", "{ ... }", "{ ...1 }", "{ . . . a }", "{ ... on }", "{ ... on A }", "{ ...on { a } }", "{ @a }",
    "{ a @ }", "{ a @1 }", "{ a @b() }", "{ }", "query Q", "query Q(a: Int) { a }", "query ($a: Int = 1 = 2) { a }",
    "query ($a: = 1) { a }", "query ($a: Int @b(c: $d)) { a }", "query ($a: [Int!!]) { a }", "query ($a: !Int) { a }",
    "query ($a: []) { a }", "fragment on A { b }", "fragment F { b }", "fragment F on A", "fragment F on [A] { b }",
    "fragment F($a: Int) on A { b }", "{ a(b: 1.) }", "{ a(b: .5) }", "{ a(b: 00) }", "{ a(b: -01) }", "{ a(b: 1e) }",
    "{ a(b: 0x1) }", "{ a(b: 1_0) }", "{ a(b: +1) }", "{ a(b: '') }", "{ a(b: \"\\x\") }", "{ a(b: \"\\u{}\") }",
    "{ a(b: [1) }", "{ a(b: {c}) }", "{ a(b: {1: 1}) }", "schema { }", "schema", "schema { query: [Q] }",
    "schema { query Q }", "extend schema", "\"text\" extend schema @a", "scalar", "scalar [A]", "extend scalar A",
    "type A implements { b: C }", "type A implements B, C { d: E } }", "type A { }", "type A { b }",
    "type A { b: C = 1 }",
    "type A { b() : C }", "type A { b(c: D @e($f)): G }", "extend type A", "interface A { }", "union A =",
    "union A = |",
    "union A = B |", "union A = B C |", "union A B", "extend union A", "enum A { }", "enum A { true }",
    "enum A { null }",
    "enum A { B: 1 }", "extend enum A", "input A { }", "input A { b(c: D): E }", "input A { b: $c }", "extend input A",
    "directive a on FIELD", "directive @a", "directive @a on", "directive @a on field", "directive @a on FIELD |",
    "directive @a repeatable repeatable on FIELD", "extend directive @a on FIELD", "extend { a }",
    "extend fragment F on A { b }",
    "\"text\"", "\"text\" { a }", "\"a\" \"b\" type A", "{ a } query", "{ a b(c: \"\"\"d\"\") }", "{ a ! }",
    "{ a | b }", "{ a & b }",
]

@Suite struct GrammarTests {
    @Test("Each production is read, and printing it gives the same tree", arguments: productions)
    func production(_ name: String, _ text: String) throws {
        let document = try parseText(text, withLocations: false)
        let printed = printDocument(document)
        #expect(try parseText(printed, withLocations: false) == document, "\(printed)")
        #expect(printDocument(try parseText(printed)) == printed)
    }

    @Test("What no production derives is refused where it goes wrong", arguments: refused)
    func refusal(_ text: String) {
        let error = #expect(throws: GraphQLError.self) { try parseText(text) }
        #expect(error?.code == .parseFailed && error?.locations.count == 1)
        #expect(error?.message.hasPrefix("Syntax error: expected ") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(", found ") == true, "\(error?.message ?? "")")
    }

    @Test func `descriptions belong to operations, fragments and variables, and change nothing`() throws {
        let described = """
            "an operation" query Q("a variable" $a: Int) { arguments { ...F } }
            \"""
            a fragment
            \""" fragment F on Arguments { intArgField(intArg: $a) }
            """
        let document = try parseText(described)
        #expect(document.operations[0].description == "an operation")
        #expect(document.operations[0].variableDefinitions[0].description == "a variable")
        #expect(document.fragments["F"]?.description == "a fragment")
        #expect(validate(document, against: try petSchema.get()).isEmpty)
    }
}
