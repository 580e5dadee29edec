import FuzzInputs
import GraphQL
import SchemaFiles
import Testing

/// The short form of `make fuzz`: the same inputs, fewer and smaller. Nothing here is timed: what must be linear is
/// counted.
@Suite struct FuzzTests {
    private static let schema = Result {
        try Schema(sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: $0.name) })
    }

    @Test(arguments: 0..<8)
    func `mutated inputs crash nothing, and what parses is printed as it was`(_ shard: UInt64) throws {
        let fuzzer = Fuzzer(schema: try Self.schema.get(), size: 160)
        for seed in shard * 1_000_000..<shard * 1_000_000 + 2_500 { _ = try fuzzer.check(fuzzer.input(seed: seed)) }
    }

    @Test func `an input is made of its seed alone`() throws {
        let fuzzers = [Fuzzer(schema: try Self.schema.get()), Fuzzer(schema: try Self.schema.get())]
        for seed: UInt64 in 0..<300 {
            let inputs = fuzzers.map { $0.input(seed: seed) }
            #expect(inputs[0].bytes == inputs[1].bytes && inputs[0].json == inputs[1].json)
            #expect(inputs[0].kind == inputs[1].kind)
        }
        let kinds = Set((0..<300).map { fuzzers[0].input(seed: $0).kind })
        #expect(kinds == Set(FuzzInput.Kind.allCases))
    }

    @Test(arguments: HostileText.all)
    func `hostile texts are answered, whatever their size`(_ text: HostileText) throws {
        let fuzzer = Fuzzer(schema: try Self.schema.get())
        for bytes in [0, 100, 2_000, 12_000] {
            let input = FuzzInput(seed: 0, kind: text.kind, bytes: text.sized(bytes))
            #expect(try !fuzzer.check(input).isEmpty)
        }
    }

    // MARK: Those that the issue names

    private static func text(_ name: String, _ parts: Int) throws -> [UInt8] {
        try #require(HostileText.all.first { $0.name == name }).make(parts)
    }

    private static func codes(_ bytes: [UInt8], _ limits: Limits = Limits()) throws -> [ErrorCode] {
        let document: Document
        do throws(GraphQLError) {
            document = try parse(bytes, limits: limits)
        } catch {
            return [error.code]
        }
        return validate(document, against: try schema.get(), options: ValidationOptions(limits: limits)).map(\.code)
    }

    /// As a server would answer, and with the limit lifted that answers first.
    @Test(arguments: [
        ("nested lists", 182_000, ErrorCode.documentTooLarge, ErrorCode.nestedTooDeep),
        ("nested lists that do not end", 364_000, .documentTooLarge, .nestedTooDeep),
        ("nested selections", 100_000, .documentTooLarge, .nestedTooDeep),
        ("nested objects", 10_000, .nestedTooDeep, .nestedTooDeep),
        ("nested inline fragments", 10_000, .nestedTooDeep, .nestedTooDeep),
        ("nested list types", 10_000, .nestedTooDeep, .nestedTooDeep),
        ("aliases", 100_000, .documentTooLarge, .tooManyTokens),
        ("fragments in a chain", 10_000, .documentTooLarge, .tooManyTokens),
        ("fragments in a cycle", 10_000, .documentTooLarge, .tooManyTokens),
        ("a string that does not end", 100_000, .parseFailed, .parseFailed),
        ("a block string that does not end", 20_000, .parseFailed, .parseFailed),
        ("lone surrogates, escaped", 10_000, .parseFailed, .parseFailed),
        ("lone surrogates, as bytes", 10_000, .parseFailed, .parseFailed),
        ("NULs", 100_000, .parseFailed, .parseFailed),
        ("a number of many digits", 100_000, .validationFailed, .validationFailed),
        ("operations over a chain of fragments", 1_000, .validationTooCostly, .validationTooCostly),
        ("subscriptions over a chain of fragments", 900, .validationTooCostly, .validationTooCostly),
    ])
    func `each is refused for what it is`(_ name: String, _ parts: Int, _ first: ErrorCode, _ then: ErrorCode) throws {
        let bytes = try Self.text(name, parts)
        #expect(try Set(Self.codes(bytes)) == [first])
        var limits = Limits()
        limits.documentBytes = 1 << 22
        #expect(try Set(Self.codes(bytes, limits)) == [then])
    }

    @Test(arguments: [
        ("byte order marks", 40_000), ("NULs in a comment", 100_000), ("a block string of many lines", 20_000),
        ("a block string of blank lines", 20_000), ("escapes", 5_000), ("emoji", 20_000), ("surrogate pairs", 5_000),
        ("zeros in one escape", 100_000),
    ])
    func `what only looks bad is valid`(_ name: String, _ parts: Int) throws {
        #expect(try Self.codes(Self.text(name, parts)).isEmpty)
    }

    // MARK: Counted

    @Test func `a document of too many tokens is read no further than the limit`() throws {
        var limits = Limits()
        limits.documentBytes = 1 << 22
        // What stands behind the limit would be an error of another kind, if it were read.
        let bytes = Array("{ \(String(repeating: "a ", count: limits.tokens)) \u{0}".utf8)
        #expect(try Self.codes(bytes, limits) == [.tooManyTokens])
        limits.tokens *= 2
        #expect(try Self.codes(bytes, limits) == [.parseFailed])
    }

    /// The fewest steps with which a document is not refused as too costly.
    private static func steps(_ bytes: [UInt8]) throws -> Int {
        let document = try parse(bytes, limits: .trusted)
        let schema = try schema.get()
        func isEnough(_ steps: Int) -> Bool {
            var limits = Limits.trusted
            limits.depth = .max
            limits.validationSteps = steps
            return !validate(document, against: schema, options: ValidationOptions(limits: limits))
                .contains { $0.code == .validationTooCostly }
        }
        var (low, high) = (0, 64)
        while !isEnough(high) { (low, high) = (high, high * 2) }
        while high - low > max(1, high / 64) {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high
    }

    @Test(arguments: [
        "aliases", "equal fields", "equal fields with fields", "equal aliases of different fields", "unknown fields",
        "equal fields with long arguments", "uses of one variable", "values of an enum", "operations",
        "fragments in a chain", "fragments in a cycle", "fragments that all spread one another",
        "fragments that double on each level", "spreads of one fragment", "spreads of unknown fragments",
        "fragments that nobody spreads",
    ])
    func `twice the text takes no more than twice the steps`(_ name: String) throws {
        let text = try #require(HostileText.all.first { $0.name == name })
        let (small, large) = (text.sized(1_500), text.sized(6_000))
        let (few, many) = (try Self.steps(small), try Self.steps(large))
        #expect(many * small.count <= few * large.count * 5 / 4 + 64 * large.count)
        #expect(many <= 4 * large.count)
    }

    /// The control: here the steps are not linear, and so the limit must be what ends them.
    @Test(arguments: ["operations over a chain of fragments", "subscriptions over a chain of fragments"])
    func `where steps grow faster than the text they are counted`(_ name: String) throws {
        let text = try #require(HostileText.all.first { $0.name == name })
        let (few, many) = (try Self.steps(text.sized(3_000)), try Self.steps(text.sized(12_000)))
        #expect(many > 10 * few)
    }
}
