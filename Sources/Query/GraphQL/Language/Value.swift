/// A value as it stands in a document: a literal, or a variable (specification, section 2.9).
package struct Value: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The name, without `$`.
        case variable(String)
        /// The digits as written, with any sign; not checked for range.
        case int(String)
        /// As written.
        case float(String)
        /// The meaning of the string: escapes are replaced, a block string's indentation is removed.
        case string(String, block: Bool)
        case boolean(Bool)
        case null
        case enumeration(String)
        case list([Value])
        /// In the order written; a name may stand twice, which validation refuses.
        case object([ObjectField])
    }

    package let kind: Kind
    package let location: SourceLocation

    package init(_ kind: Kind, location: SourceLocation = .none) {
        self.kind = kind
        self.location = location
    }

    /// The text of a string literal, else `nil`.
    package var stringValue: String? { if case .string(let text, _) = kind { text } else { nil } }

    /// The value of an integer literal that fits, else `nil`.
    package var intValue: Int? { if case .int(let digits) = kind { Int(digits) } else { nil } }

    package var booleanValue: Bool? { if case .boolean(let value) = kind { value } else { nil } }

    package var enumValue: String? { if case .enumeration(let name) = kind { name } else { nil } }

    package var listValue: [Value]? { if case .list(let items) = kind { items } else { nil } }

    package var objectValue: [ObjectField]? { if case .object(let fields) = kind { fields } else { nil } }

    package var isNull: Bool { if case .null = kind { true } else { false } }

    package var variableName: String? { if case .variable(let name) = kind { name } else { nil } }
}

/// `name: value` inside an object literal.
package struct ObjectField: Sendable, Hashable {
    package let name: String
    package let value: Value
    package let location: SourceLocation

    package init(name: String, value: Value, location: SourceLocation = .none) {
        self.name = name
        self.value = value
        self.location = location
    }
}
