import GraphQL
import OrderedCollections
import Testing

@Suite struct LimitTests {
    private func parseError(_ text: String, limits: Limits = Limits()) -> GraphQLError? {
        do throws(GraphQLError) {
            _ = try parse(Array(text.utf8), limits: limits)
            return nil
        } catch {
            return error
        }
    }

    private func errors(
        _ text: String, limits: Limits = Limits(), schema: Schema? = nil
    ) throws -> [GraphQLError] {
        var parsing = Limits.trusted
        parsing.nesting = limits.nesting
        let schema = try schema ?? petSchema.get()
        return validate(
            try parseText(text, limits: parsing), against: schema, options: ValidationOptions(limits: limits))
    }

    @Test func `each limit of the parser says what was measured and what is allowed`() throws {
        var limits = Limits()
        limits.documentBytes = 10
        #expect(parseError("{ a b c d e }", limits: limits)?.extensions == ["measured": 13, "limit": 10])
        #expect(parseError("{ a b c  }", limits: limits) == nil)
        limits = Limits()
        limits.tokens = 5
        let tokens = parseError("{ a b c d }", limits: limits)
        #expect(tokens?.code == .tooManyTokens && tokens?.extensions == ["measured": 6, "limit": 5])
        #expect(parseError("{ a b c } # { , }", limits: limits) == nil)
        limits = Limits()
        limits.nesting = 3
        #expect(parseError("{ a { b { c } } }", limits: limits) == nil)
        #expect(parseError("{ a { b { c { d } } } }", limits: limits)?.code == .nestedTooDeep)
        #expect(parseError("{ a(b: [[[1]]]) }", limits: limits)?.code == .nestedTooDeep)
        #expect(parseError("query ($a: [[[[Int]]]]) { a }", limits: limits)?.code == .nestedTooDeep)
    }

    @Test func `depth, aliases and root fields are measured through fragments`() throws {
        var limits = Limits()
        limits.depth = 3
        #expect(try errors("{ dog { owner { name } } }", limits: limits).isEmpty)
        let deep = "{ dog { ...a } } fragment a on Dog { owner { ...b } } fragment b on Human { pets { name } }"
        let depth = try errors(deep, limits: limits)
        #expect(depth.map(\.code) == [.queryTooDeep] && depth[0].extensions == ["measured": 4, "limit": 3])

        limits = Limits()
        limits.aliases = 4
        let twice = "{ dog { ...a owner { ...b } } } fragment a on Dog { x: name y: name }"
        #expect(try errors(twice + " fragment b on Human { x: name y: name }", limits: limits).isEmpty)
        let aliases = try errors(twice + " fragment b on Human { x: name y: name z: name }", limits: limits)
        #expect(aliases.map(\.code) == [.tooManyAliases] && aliases[0].extensions["measured"] == 5)

        limits = Limits()
        limits.rootFields = 2
        #expect(
            try errors("{ dog { name } dog { nickname } ...f } fragment f on Query { human { name } }", limits: limits)
                .isEmpty)
        let roots = try errors(
            "{ dog { name } ...f } fragment f on Query { human { name } pet { name } }", limits: limits)
        #expect(roots.map(\.code) == [.tooManyRootFields])
        limits = Limits()
        limits.directivesPerLocation = 2
        let tags = #" @tag(name: "a") @tag(name: "b")"#
        #expect(try errors("{ dog\(tags) { name } }", limits: limits).isEmpty)
        #expect(
            try errors("{ dog\(tags) @skip(if: false) { name } }", limits: limits).map(\.code) == [.tooManyDirectives])
    }

    @Test func `introspection has limits of its own`() throws {
        var limits = Limits()
        limits.depth = 3
        #expect(try errors(introspectionQuery, limits: limits).isEmpty)
        let lists =
            "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"
        #expect(try errors(lists).map(\.code) == [.introspectionTooDeep])
        limits.introspectionDepth = 5
        let deep = "{ __schema { types { ofType { ofType { ofType { name } } } } } }"
        #expect(try errors(deep, limits: limits).map(\.code) == [.introspectionTooDeep])
        #expect(try errors("{ __schema { types { ofType { name } } } }", limits: limits).isEmpty)
    }

    // MARK: Attacks. That they come to an end is the test; how long they take, the benchmark tells.

    @Test func `364 KB of nesting is refused while parsing`() {
        var limits = Limits()
        limits.documentBytes = 1 << 20
        limits.tokens = 1 << 20
        for open in ["[", "{a:", "{a{", "[{a:"] {
            let text = "{ f(a: " + String(repeating: open, count: 364_000 / open.utf8.count)
            #expect(parseError(text, limits: limits) != nil)
        }
        #expect(parseError(String(repeating: "{a", count: 182_000), limits: limits)?.code == .nestedTooDeep)
        #expect(
            parseError("query ($a: " + String(repeating: "[", count: 364_000), limits: limits)?.code == .nestedTooDeep)
        #expect(
            parseError("type A { a: " + String(repeating: "[", count: 364_000), limits: limits)?.code == .nestedTooDeep)
    }

    @Test func `100,000 aliases are refused, and merge in linear steps where allowed`() throws {
        let text = "{ dog { " + (0..<100_000).map { "a\($0): name" }.joined(separator: " ") + " } }"
        #expect(parseError(text)?.code == .documentTooLarge)
        #expect(try errors(text).map(\.code) == [.tooManyAliases])
        var limits = Limits.trusted
        limits.validationSteps = 1_000_000
        #expect(try errors(text, limits: limits).isEmpty)
    }

    /// Steps are counted, so that what grows faster than the document shows without a clock.
    @Test(
        "Equal fields take steps in proportion to their number",
        arguments: [
            (1_000, "name"), (8_000, "name"), (100_000, "name"), (1_000, "owner { name }"), (8_000, "owner { name }"),
            (1_000, "x: owner { ... on Human { name } }"), (8_000, "x: owner { ... on Human { name } }"),
            (1_000, "owner { pets { name ... on Dog { owner { name } } } }"),
            (4_000, "owner { pets { name ... on Dog { owner { name } } } }"),
            (1_000, "doesKnowCommand(dogCommand: SIT)"), (8_000, "doesKnowCommand(dogCommand: SIT)"),
        ])
    func equalFields(_ count: Int, _ field: String) throws {
        var limits = Limits()
        limits.aliases = count
        let names = field.split { !$0.isLetter && !$0.isNumber }.count
        limits.validationSteps = 8 * names * count
        let text = "{ dog { " + String(repeating: field + " ", count: count) + "} }"
        #expect(try errors(text, limits: limits).isEmpty)
        // The count is at work: with a step for every second field there are too few.
        limits.validationSteps = count / 2
        #expect(try errors(text, limits: limits).map(\.code) == [.validationTooCostly])
    }

    @Test(arguments: [10, 40])
    func `equal fields that are nested deep take steps in proportion to their number`(_ depth: Int) throws {
        var limits = Limits()
        limits.nesting = 4 * depth + 8
        limits.depth = 2 * depth + 4
        let chain =
            String(repeating: "owner { name pets { ... on Dog { ", count: depth) + "name"
            + String(repeating: " } } }", count: depth)
        limits.validationSteps = 16 * 50 * 3 * depth
        #expect(try errors("{ dog { " + String(repeating: chain + " ", count: 50) + "} }", limits: limits).isEmpty)
    }

    @Test(arguments: [20, 120])
    func `fragments that spread each other take steps in proportion to their spreads`(_ count: Int) throws {
        func fragments(_ targets: (Int) -> any Sequence<Int>) -> String {
            (0..<count).map { index in
                "fragment f\(index) on Dog { name owner { n\(index): name } "
                    + targets(index).map { "...f\($0) " }.joined() + "}"
            }.joined(separator: "\n")
        }
        var limits = Limits()
        limits.aliases = .max
        limits.validationSteps = 16 * count * count
        let forward = "{ dog { ...f0 } } " + fragments { index in (index + 1)..<count }
        #expect(try errors(forward, limits: limits).isEmpty)
        let circles = "{ dog { ...f0 } } " + fragments { _ in 0..<count }
        #expect(Set(try errors(circles, limits: limits).map(\.rule)) == ["NoFragmentCycles"])
        limits.validationSteps = count
        let refusal = try errors(forward, limits: limits)
        #expect(refusal.map(\.code) == [.validationTooCostly])
        let measured = refusal[0].extensions["measured"]?.intValue ?? 0
        #expect(refusal[0].extensions["limit"] == .int(Int64(count)) && measured > Int64(count))
    }

    @Test func `a chain of 10,000 fragments is valid, and a circle of as many is told`() throws {
        func chain(_ last: String) -> String {
            "{ dog { ...f0 } } "
                + (0..<10_000).map { "fragment f\($0) on Dog { name ...f\($0 + 1) }" }.joined(separator: "\n")
                + " fragment f10000 on Dog { \(last) }"
        }
        #expect(try errors(chain("nickname")).isEmpty)
        #expect(try errors(chain("nickname ...f0")).map(\.rule) == ["NoFragmentCycles"])
        let document = try parseText(chain("nickname"), limits: .trusted)
        guard case .field(let dog)? = document.operations.first?.selectionSet.selections.first,
            let set = dog.selectionSet
        else { return }
        let fields = collectFields(
            [set], on: "Dog", schema: try petSchema.get(), fragments: document.fragments, condition: { _ in false })
        #expect(fields.keys == ["name", "nickname"] && fields["name"]?.count == 10_000)
    }

    @Test func `fragments that double on each level are measured without being spelled out`() throws {
        let levels = 60
        let text =
            "{ human { ...f0 } } "
            + (0..<levels).map {
                "fragment f\($0) on Human { a: pets { ... on Dog { owner { ...f\($0 + 1) } } } b: pets { ... on Dog { owner { ...f\($0 + 1) } } } }"
            }.joined(separator: "\n") + " fragment f\(levels) on Human { name }"
        #expect(Set(try errors(text).map(\.code)) == [.queryTooDeep, .tooManyAliases])
        var limits = Limits()
        limits.depth = 1_000
        limits.aliases = .max
        #expect(try errors(text, limits: limits).isEmpty)
    }

    @Test func `fragment cycles below fields do not run away`() throws {
        let text = """
            { human { ...a } } fragment a on Human { pets { ... on Dog { owner { ...a ...b } } } }
            fragment b on Human { pets { ... on Cat { owner { ...a x: name } } ... on Dog { owner { ...b y: name } } } }
            """
        #expect(Set(try errors(text).map(\.rule)) == ["NoFragmentCycles"])
    }

    @Test func `many operations over many fragments run into the step limit`() throws {
        let text =
            (0..<2_000).map { "query q\($0) { dog { ...f0 } }" }.joined(separator: "\n")
            + (0..<2_000).map { " fragment f\($0) on Dog { name ...f\($0 + 1) }" }.joined()
            + " fragment f2000 on Dog { name }"
        #expect(try errors(text).map(\.code) == [.validationTooCostly])
    }
}
