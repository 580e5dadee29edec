import GraphQL
import OrderedCollections

/// Writes executable documents that fit a schema, most of the time.
struct DocumentWriter {
    let schema: Schema
    /// How many selections a document has at most, about.
    let size: Int
    var random: SeededGenerator
    private var text = ""
    private var left = 0
    /// Variables used so far, with their types.
    private var variables: OrderedDictionary<String, String> = [:]
    private var fragments: [(name: String, type: NamedType)] = []

    init(schema: Schema, size: Int, random: SeededGenerator) {
        self.schema = schema
        self.size = size
        self.random = random
    }

    mutating func document() -> String {
        var parts: [String] = []
        for number in 0..<(random.chance(80) ? 1 : 1 + random.number(below: 3)) { parts.append(operation(number)) }
        var written = 0
        // Fragments bring up others; those that come up too late stay undefined.
        while written < fragments.count, written < 12 {
            let (name, type) = fragments[written]
            (text, left) = ("", size / 4)
            selectionSet(on: type, depth: 3)
            parts.append("fragment \(name) on \(type.name)\(directive())\(text)")
            written += 1
        }
        if random.chance(20) { parts.reverse() }
        return parts.joined(separator: "\n")
    }

    private mutating func operation(_ number: Int) -> String {
        (text, left, variables) = ("", size, [:])
        let type: OperationType = random.chance(75) ? .query : random.element(of: OperationType.allCases)
        selectionSet(on: .object(schema.rootType(of: type) ?? schema.queryType), depth: 0)
        let body = text
        if type == .query, variables.isEmpty, number == 0, random.chance(50) { return body }
        var definitions: [String] = []
        for (name, type) in variables {
            var definition = "$\(name): \(type)"
            if random.chance(15) { definition += " = " + value(of: .named("Int"), depth: 0, mayUseVariables: false) }
            if random.chance(3) { definition = "\"why\" " + definition }
            definitions.append(definition)
        }
        let list = definitions.isEmpty ? "" : "(" + definitions.joined(separator: ", ") + ")"
        let name = random.chance(85) ? " Q\(random.chance(95) ? number : 0)" : ""
        return "\(random.chance(5) ? "\"\"\"\n  what\n\"\"\" " : "")\(type.rawValue)\(name)\(list)\(directive())\(body)"
    }

    private mutating func selectionSet(on type: NamedType, depth: Int) {
        text += " {"
        for _ in 0...random.number(below: depth > 6 ? 1 : 4) {
            text += random.chance(30) ? "\n" : " "
            selection(on: type, depth: depth)
        }
        text += " }"
    }

    private mutating func selection(on type: NamedType, depth: Int) {
        left -= 1
        switch random.number(below: 20) {
        case 0: text += "__typename"
        case 1, 2: spread(on: type)
        case 3 where depth < 12:
            let condition = random.chance(70) ? " on \(fragmentType(for: type).name)" : ""
            text += "...\(condition)\(directive())"
            selectionSet(on: type, depth: depth + 1)
        default: field(of: type, depth: depth)
        }
    }

    private mutating func spread(on type: NamedType) {
        if fragments.isEmpty || random.chance(50), fragments.count < 12 {
            fragments.append(("F\(fragments.count)", fragmentType(for: type)))
        }
        text += "...\(random.element(of: fragments).name)\(directive())"
    }

    /// The type itself, one that is possible for it, or sometimes any.
    private mutating func fragmentType(for type: NamedType) -> NamedType {
        if random.chance(5) { return random.element(of: schema.types.values) }
        let possible = schema.possibleTypes(of: type.name)
        guard !possible.isEmpty, random.chance(60) else { return type }
        return schema.type(named: random.element(of: possible)) ?? type
    }

    private mutating func field(of type: NamedType, depth: Int) {
        guard let fields = type.fields, !fields.isEmpty, random.chance(97) else {
            text += random.element(of: ["id", "name", "nothing", "__schema { types { name } }", "x: __typename"])
            return
        }
        let definition = random.element(of: fields.values)
        let inner = schema.type(named: definition.type.namedType)
        // Out of budget, a leaf ends the way down.
        if left < 0 || depth > 12, inner?.isComposite == true {
            text += "__typename"
            return
        }
        if random.chance(12) { text += "a\(random.number(below: 4)): " }
        text += definition.name
        arguments(definition.arguments)
        text += directive()
        if let inner, inner.isComposite != random.chance(1) { selectionSet(on: inner, depth: depth + 1) }
    }

    private mutating func arguments(_ definitions: OrderedDictionary<String, InputValueDefinition>) {
        var given: [String] = []
        for definition in definitions.values where random.chance(definition.isRequired ? 97 : 30) {
            given.append("\(definition.name): \(value(of: definition.type, depth: 0, mayUseVariables: true))")
        }
        if random.chance(1) { given.append("nothing: 1") }
        if !given.isEmpty { text += "(" + given.joined(separator: random.chance(70) ? ", " : " ") + ")" }
    }

    private mutating func directive() -> String {
        guard random.chance(5) else { return "" }
        return random.element(of: [
            " @skip(if: false)", " @include(if: true)", " @include(if: $yes)", " @deprecated",
            " @nothing(a: [1, {b: 2}])",
        ])
    }

    // MARK: Values

    /// A literal that fits the type, most of the time.
    mutating func value(of type: TypeReference, depth: Int, mayUseVariables: Bool) -> String {
        if mayUseVariables, random.chance(20) {
            let name = "v\(variables.count)"
            variables[name] = type.description
            return "$\(name)"
        }
        switch type {
        case .nonNull(let type): return value(of: type, depth: depth, mayUseVariables: mayUseVariables)
        case .list(let item):
            guard depth < 6, random.chance(85) else {
                return value(of: item, depth: depth + 1, mayUseVariables: mayUseVariables)
            }
            return "["
                + (0..<random.number(below: 4)).map { _ in
                    value(of: item, depth: depth + 1, mayUseVariables: mayUseVariables)
                }.joined(separator: ", ") + "]"
        case .named(let name):
            if random.chance(4) { return "null" }
            if mayUseVariables, random.chance(1) { return "$nothing" }
            if random.chance(4) { return random.element(of: Self.literals) }
            return value(ofNamed: name, depth: depth, mayUseVariables: mayUseVariables)
        }
    }

    private mutating func value(ofNamed name: String, depth: Int, mayUseVariables: Bool) -> String {
        switch schema.type(named: name) {
        case .enumeration(let type)?: return random.element(of: type.values.values).name
        case .inputObject(let type)?:
            guard depth < 6 else { return "{}" }
            return "{"
                + type.fields.values.filter { $0.isRequired || random.chance(40) }.map { field in
                    "\(field.name): \(value(of: field.type, depth: depth + 1, mayUseVariables: mayUseVariables))"
                }.joined(separator: ", ") + "}"
        default: break
        }
        switch name {
        case "Int": return String(random.number(below: 1_000))
        case "Float": return "\(random.number(below: 100)).5e\(random.number(below: 9))"
        case "Boolean": return random.chance(50) ? "true" : "false"
        default:
            return random.element(of: ["\"\"", "\"+15005550006\"", "\"é\\n\\u0041\"", "\"\"\"\n  a\n    b\n\"\"\""])
        }
    }

    static let literals = [
        "0", "-0", "-1", "2147483648", "99999999999999999999", "1e400", "-1.5E-7", "1.0", "true", "null", "NAME", "[]",
        "[[[[]]]]", "{}", "{a: {b: [1]}}", "\"\"", "\"\\uD83D\\uDE00\"", "\"\\u{1F600}\"", "\"\"\"\"\"\"",
    ]
}
