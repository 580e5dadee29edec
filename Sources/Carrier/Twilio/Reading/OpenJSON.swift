package import FoundationEssentials

/// JSON whose shape Twilio leaves open: the attributes of an end user, the requirements of a regulation, the policy of a
/// key. As a parameter it goes out as JSON text.
package enum OpenJSON: Sendable, Hashable, Codable, FormValue {
    case null
    case bool(Bool)
    case number(Decimal)
    case string(String)
    case array([OpenJSON])
    case object([String: OpenJSON])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Decimal.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([OpenJSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: OpenJSON].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let fields): try container.encode(fields)
        }
    }

    /// Compact, with sorted names.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Every case of a JSON value is JSON; a number that JSON cannot write (NaN) is none.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }

    package func append(to form: inout FormBody, as name: String) {
        form.append(name, text)
    }

    package subscript(name: String) -> OpenJSON? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }
}
