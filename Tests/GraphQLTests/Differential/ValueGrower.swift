import GraphQL
import OrderedCollections

/// Grows literals that fit a type.
enum ValueGrower {
    /// - Parameter variable: asked for each place inside; what it gives stands there instead of a literal.
    static func value(
        _ type: TypeReference, _ schema: Schema, _ random: inout SeededRandom, depth: Int = 0,
        variable: (TypeReference, inout SeededRandom) -> DraftValue? = { _, _ in nil }
    ) -> DraftValue {
        if depth > 0, let given = variable(type, &random) { return given }
        switch type {
        case .nonNull(let nullable):
            return present(nullable, schema, &random, depth: depth, variable)
        default:
            return random.chance(8) ? .text("null") : present(type, schema, &random, depth: depth, variable)
        }
    }

    private static func present(
        _ type: TypeReference, _ schema: Schema, _ random: inout SeededRandom, depth: Int,
        _ variable: (TypeReference, inout SeededRandom) -> DraftValue?
    ) -> DraftValue {
        switch type {
        case .nonNull(let nullable): return present(nullable, schema, &random, depth: depth, variable)
        case .list(let item):
            // A single value counts as a list of one.
            if random.chance(20) { return present(item, schema, &random, depth: depth + 1, { _, _ in nil }) }
            let count = depth > 4 ? 0 : random.number(0...3)
            return .list(
                (0..<count).map { _ in value(item, schema, &random, depth: depth + 1, variable: variable) })
        case .named(let name):
            switch schema.type(named: name) {
            case .enumeration(let type)?: return .text(random.pick(Array(type.values.keys)))
            case .inputObject(let type)?: return object(type, schema, &random, depth: depth, variable)
            default: return .text(random.pick(literals[name] ?? anything))
            }
        }
    }

    private static func object(
        _ type: InputObjectType, _ schema: Schema, _ random: inout SeededRandom, depth: Int,
        _ variable: (TypeReference, inout SeededRandom) -> DraftValue?
    ) -> DraftValue {
        var fields = Array(type.fields.values)
        if type.isOneOf {
            let field = random.pick(fields)
            let required = TypeReference.nonNull(field.type.nullable)
            let value = value(required, schema, &random, depth: depth + 1, variable: variable)
            return .object(
                DraftObject(type: type.name, fields: [DraftArgument(name: field.name, type: required, value: value)]))
        }
        if random.chance(20) { fields.shuffle(using: &random) }
        return .object(
            DraftObject(
                type: type.name,
                fields: fields.compactMap { field in
                    guard field.isRequired || depth < 4 && random.chance(40) else { return nil }
                    return DraftArgument(
                        name: field.name, type: field.type,
                        value: value(field.type, schema, &random, depth: depth + 1, variable: variable))
                }))
    }

    private static let strings = [
        #""""#, #""text""#, #""+14155550123""#, #""größer 😀""#, #""\u00e9 \u{1F600} \uD83D\uDE00 \n\t\"\\\/""#,
        "\"\"\"\n    block\n      \\\"\"\" inside\n  \"\"\"", "\"\"\"\"\"\"", "\"# no comment\"",
    ]

    private static let literals: [String: [String]] = [
        "Int": ["0", "-0", "1", "42", "-2147483648", "2147483647"],
        "Float": ["0", "1.5", "-1e10", "6.02E+23", "12", "0.0e-0"],
        "String": strings,
        "Boolean": ["true", "false"],
        "ID": strings + ["7", "-12", "99999999999999999999"],
    ]

    /// What a custom scalar of which nothing is known takes.
    static let anything =
        strings + [
            "1", "-1.5e3", "true", "A_NAME", "{}", "[]", #"{a: [1, {b: null}], c: "x"}"#, "[[1], {x: Y}]",
        ]
}
