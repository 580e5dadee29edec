// What a value that does not fit is, for messages. Never what it says: it may be a secret, or a message's body.

extension Value {
    /// “ Found a string.”
    var foundKind: String {
        let kind =
            switch kind {
            case .variable: "a variable"
            case .int: "an integer"
            case .float: "a number with a fraction or an exponent"
            case .string: "a string"
            case .boolean: "a boolean"
            case .null: "null"
            case .enumeration: "a bare name"
            case .list: "a list"
            case .object: "an object"
            }
        return " Found \(kind)."
    }
}

extension JSONValue {
    /// “ Found a string.”
    var foundKind: String {
        let kind =
            switch self {
            case .null: "null"
            case .bool: "a boolean"
            case .int: "an integer"
            case .number: "a number"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return " Found \(kind)."
    }
}
