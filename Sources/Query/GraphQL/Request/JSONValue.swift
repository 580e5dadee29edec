package import OrderedCollections

/// A JSON value (RFC 8259), as variables come in and results go out.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case int(Int64)
    /// Any other number, spelled as it was written, so that no digit is lost.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(OrderedDictionary<String, JSONValue>)

    package var stringValue: String? { if case .string(let text) = self { text } else { nil } }
    package var intValue: Int64? { if case .int(let value) = self { value } else { nil } }
    /// Any number, as near as a `Double` comes to it.
    package var doubleValue: Double? {
        switch self {
        case .int(let value): Double(value)
        case .number(let text): Double(text)
        default: nil
        }
    }
    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var arrayValue: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    package var objectValue: OrderedDictionary<String, JSONValue>? {
        if case .object(let members) = self { members } else { nil }
    }
    package var isNull: Bool { self == .null }

    /// The member of an object; `nil` where this is none or the member is absent. A `null` member is `.null`.
    package subscript(key: String) -> JSONValue? { objectValue?[key] }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(OrderedDictionary(elements) { _, last in last })
    }
}
