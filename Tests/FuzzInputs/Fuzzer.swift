package import GraphQL
import OrderedCollections

/// A text to try, made from its seed alone.
package struct FuzzInput: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// An executable document.
        case document
        /// A document of the type system language.
        case schema
        /// An operation with variables, and their values in JSON.
        case variables
        /// Any JSON.
        case json
        /// The body of a request.
        case request
    }

    package let seed: UInt64
    package let kind: Kind
    package let bytes: [UInt8]
    /// The values of the variables; empty for other kinds.
    package var json: [UInt8] = []

    package init(seed: UInt64, kind: Kind, bytes: [UInt8], json: [UInt8] = []) {
        (self.seed, self.kind, self.bytes, self.json) = (seed, kind, bytes, json)
    }
}

/// Makes inputs from seeds, and holds the language to what must be true of every input.
package struct Fuzzer: Sendable {
    let schema: Schema
    /// Definitions of types, one each, to be mixed and damaged.
    private let definitions: [String]
    /// The longest text that is made, about.
    private let size: Int

    /// - Parameters:
    ///   - schema: what documents are validated against.
    ///   - size: the longest text that is made, in bytes, about.
    package init(schema: Schema, size: Int = 4_000) {
        self.schema = schema
        self.size = size
        definitions =
            printSchema(schema, bindings: true).split(separator: "\n\n").map(String.init) + [
                "schema { query: Query }", "extend type Query { more: Int }", "input One @oneOf { a: Int b: [One!] }",
                "directive @d(a: One = {a: 1}) repeatable on FIELD | OBJECT | INPUT_FIELD_DEFINITION",
                "input In { a: In b: Int! = 1 c: [In!]! = [] }", "interface A implements B & C { id: ID! }",
                "union U @d = | Query | Message", "scalar S @specifiedBy(url: \"https://example.org\")",
            ]
    }

    // MARK: Inputs

    package func input(seed: UInt64) -> FuzzInput {
        var random = SeededGenerator(seed: seed)
        let kind: FuzzInput.Kind
        switch random.number(below: 100) {
        case 0..<58: kind = .document
        case 58..<70: kind = .variables
        case 70..<82: kind = .json
        case 82..<92: kind = .request
        default: kind = .schema
        }
        switch kind {
        case .document: return FuzzInput(seed: seed, kind: kind, bytes: damaged(&random) { document(&$0) })
        case .schema: return FuzzInput(seed: seed, kind: kind, bytes: damaged(&random) { definitions(&$0) })
        case .json: return FuzzInput(seed: seed, kind: kind, bytes: damaged(&random) { json(&$0) })
        case .request: return FuzzInput(seed: seed, kind: kind, bytes: damaged(&random) { request(&$0) })
        case .variables: return variables(seed: seed, &random)
        }
    }

    private func damaged(
        _ random: inout SeededGenerator, _ text: (inout SeededGenerator) -> String
    ) -> [UInt8] {
        let whole = Array(text(&random).utf8)
        // Undamaged texts get further.
        if random.chance(35) { return whole }
        let other = random.chance(20) ? hostile(&random) : Array(text(&random).utf8)
        var mutation = Mutation(random: SeededGenerator(seed: random.next()))
        return mutation.mutate(whole, other: other, limit: size)
    }

    private func hostile(_ random: inout SeededGenerator) -> [UInt8] {
        random.element(of: HostileText.all).make(1 + random.number(below: size / 40))
    }

    private func document(_ random: inout SeededGenerator) -> String {
        if random.chance(4) { return String(decoding: hostile(&random), as: UTF8.self) }
        var writer = DocumentWriter(
            schema: schema, size: 2 + random.number(below: size / 60), random: SeededGenerator(seed: random.next()))
        return writer.document()
    }

    private func definitions(_ random: inout SeededGenerator) -> String {
        var parts = random.chance(85) ? ["type Query { a: Int }"] : []
        for _ in 0...random.number(below: 5) { parts.append(random.element(of: definitions)) }
        return parts.joined(separator: "\n")
    }

    private func json(_ random: inout SeededGenerator) -> String {
        var json = RandomJSON(schema: schema, random: SeededGenerator(seed: random.next()))
        return json.any(depth: 0)
    }

    private func request(_ random: inout SeededGenerator) -> String {
        let query = JSONValue.string(document(&random)).bytes
        let variables = random.chance(50) ? ", \"variables\": \(json(&random))" : ""
        let name = random.chance(30) ? ", \"operationName\": \(json(&random))" : ""
        let extensions = random.chance(20) ? ", \"extensions\": \(json(&random))" : ""
        let one = "{\"query\": \(String(decoding: query, as: UTF8.self))\(variables)\(name)\(extensions)}"
        guard random.chance(15) else { return one }
        return "[" + Array(repeating: one, count: 1 + random.number(below: 6)).joined(separator: ",") + "]"
    }

    private func variables(seed: UInt64, _ random: inout SeededGenerator) -> FuzzInput {
        let types = schema.types.values.filter(\.isInput)
        var definitions: [String] = []
        var json = RandomJSON(schema: schema, random: SeededGenerator(seed: random.next()))
        var members: [String] = []
        for number in 0...random.number(below: 4) {
            var type = TypeReference.named(random.element(of: types).name)
            for _ in 0..<random.number(below: 4) {
                if random.chance(40) { type = .list(type) } else if !type.isNonNull { type = .nonNull(type) }
            }
            var writer = DocumentWriter(schema: schema, size: 4, random: SeededGenerator(seed: random.next()))
            let byDefault =
                random.chance(30) ? " = " + writer.value(of: type, depth: 0, mayUseVariables: false) : ""
            definitions.append("$v\(number): \(type)\(byDefault)")
            if random.chance(85) { members.append("\"v\(number)\": \(json.value(of: type))") }
        }
        let text = "query (\(definitions.joined(separator: ", "))) { __typename }"
        var bytes = Array("{\(members.joined(separator: ", "))}".utf8)
        if random.chance(40) {
            var mutation = Mutation(random: SeededGenerator(seed: random.next()))
            bytes = mutation.mutate(bytes, other: bytes, limit: size)
        }
        return FuzzInput(seed: seed, kind: .variables, bytes: Array(text.utf8), json: bytes)
    }
}
