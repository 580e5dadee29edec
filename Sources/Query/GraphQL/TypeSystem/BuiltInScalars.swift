// The scalars that every schema has, and how they take values (specification, sections 3.5.1 to 3.5.5).

extension ScalarCoercion {
    static let builtIn: [String: ScalarCoercion] = [
        "Int": .int, "Float": .float, "String": .string, "Boolean": .boolean, "ID": .id,
    ]

    /// 32 bits, signed. A JSON number such as `1.0` is an integer too.
    static let int = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) -> JSONValue in
            switch value {
            case .int(let number):
                guard Int32(exactly: number) != nil else { throw CoercionFailure.notInt32 }
                return value
            case .number(let text):
                guard let number = Double(text), number.rounded(.towardZero) == number else {
                    throw CoercionFailure("Expected an integer.")
                }
                guard let integer = Int32(exactly: number) else { throw CoercionFailure.notInt32 }
                return .int(Int64(integer))
            default: throw CoercionFailure("Expected an integer.")
            }
        },
        parseLiteral: { (literal: Value) throws(CoercionFailure) -> JSONValue in
            guard case .int(let digits) = literal.kind else { throw CoercionFailure("Expected an integer.") }
            guard let number = Int32(digits) else { throw CoercionFailure.notInt32 }
            return .int(Int64(number))
        })

    /// A finite double. It is handed on as written, so that no digit is lost on the way to the database.
    static let float = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) -> JSONValue in
            switch value {
            case .int: return value
            case .number(let text):
                guard let number = Double(text), number.isFinite else { throw CoercionFailure.notFinite }
                return value
            default: throw CoercionFailure("Expected a number.")
            }
        },
        parseLiteral: { (literal: Value) throws(CoercionFailure) -> JSONValue in
            switch literal.kind {
            case .int(let text), .float(let text):
                guard let number = Double(text), number.isFinite else { throw CoercionFailure.notFinite }
                return literal.constantJSON
            default: throw CoercionFailure("Expected a number.")
            }
        })

    static let string = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) -> JSONValue in
            guard case .string = value else { throw CoercionFailure("Expected a string.") }
            return value
        })

    static let boolean = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) -> JSONValue in
            guard case .bool = value else { throw CoercionFailure("Expected true or false.") }
            return value
        })

    /// A string, or an integer of any size, which becomes a string.
    static let id = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) -> JSONValue in
            switch value {
            case .string: return value
            case .int(let number): return .string(String(number))
            case .number(let text)
            where !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }:
                return .string(text)
            default: throw CoercionFailure("Expected an ID: a string or an integer.")
            }
        })
}

extension CoercionFailure {
    fileprivate static let notInt32 = CoercionFailure("Expected an integer of 32 bits, from -2147483648 to 2147483647.")
    fileprivate static let notFinite = CoercionFailure("Expected a finite number.")
}
