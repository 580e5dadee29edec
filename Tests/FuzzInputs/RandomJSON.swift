import GraphQL
import OrderedCollections

/// Writes JSON that fits an input type, most of the time, and JSON of any form.
struct RandomJSON {
    let schema: Schema
    var random: SeededGenerator

    mutating func value(of type: TypeReference, depth: Int = 0) -> String {
        if random.chance(6) { return any(depth: depth) }
        switch type {
        case .nonNull(let type): return value(of: type, depth: depth)
        case .list(let item):
            guard depth < 6, random.chance(85) else { return value(of: item, depth: depth + 1) }
            return "["
                + (0..<random.number(below: 4)).map { _ in value(of: item, depth: depth + 1) }
                .joined(separator: ",") + "]"
        case .named(let name):
            switch schema.type(named: name) {
            case .enumeration(let type)?: return "\"\(random.element(of: type.values.values).name)\""
            case .inputObject(let type)?:
                guard depth < 6 else { return "{}" }
                return "{"
                    + type.fields.values.filter { $0.isRequired || random.chance(50) }.map {
                        "\"\($0.name)\": \(value(of: $0.type, depth: depth + 1))"
                    }.joined(separator: ", ") + "}"
            default: break
            }
            switch name {
            case "Int": return String(random.number(below: 1_000))
            case "Float": return "\(random.number(below: 100)).25"
            case "Boolean": return "true"
            default: return "\"a\\u00e9\\n\(random.number(below: 9))\""
            }
        }
    }

    mutating func any(depth: Int) -> String {
        switch random.number(below: depth > 5 ? 8 : 10) {
        case 8:
            return "[" + (0..<random.number(below: 5)).map { _ in any(depth: depth + 1) }.joined(separator: ", ") + "]"
        case 9:
            return "{"
                + (0..<random.number(below: 5)).map { "\"k\($0)\":\(any(depth: depth + 1))" }.joined(separator: ",")
                + "}"
        default: return random.element(of: Self.scalars)
        }
    }

    private static let scalars = [
        "null", "true", "false", "0", "-0", "-1", "1.0", "1e5", "1E+400", "-0.0", "9223372036854775807",
        "9223372036854775808", "2147483648", "\"\"", "\"a\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"\\/\"", "\"é😀\"",
    ]
}
