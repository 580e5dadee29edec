/// How a scalar takes a value from outside (specification, section 3.5).
///
/// Both ways end in the same `JSONValue`, the form in which arguments reach the engine.
package struct ScalarCoercion: Sendable {
    package typealias ParseValue = @Sendable (JSONValue) throws(CoercionFailure) -> JSONValue
    package typealias ParseLiteral = @Sendable (Value) throws(CoercionFailure) -> JSONValue

    /// From a variable's JSON. Never called with `null`.
    package let parseValue: ParseValue
    /// From a literal whose variables, if it holds any, have been replaced. Never called with `null`.
    package let parseLiteral: ParseLiteral

    package init(parseValue: @escaping ParseValue, parseLiteral: @escaping ParseLiteral) {
        self.parseValue = parseValue
        self.parseLiteral = parseLiteral
    }

    /// A literal is turned into the JSON that it looks like and goes the way of a variable's value; an enum value is
    /// refused.
    package init(parseValue: @escaping ParseValue) {
        self.init(parseValue: parseValue) { (literal: Value) throws(CoercionFailure) -> JSONValue in
            if case .enumeration = literal.kind {
                throw CoercionFailure("Expected a value of another kind than a bare name.")
            }
            return try parseValue(literal.constantJSON)
        }
    }

    /// Takes anything, a bare name as a string: what a scalar does of which nothing more is known.
    package static let any = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) -> JSONValue in value },
        parseLiteral: { (literal: Value) throws(CoercionFailure) -> JSONValue in literal.constantJSON })
}

/// Why a value was refused: what was expected, and what was found where that helps.
package struct CoercionFailure: Error, Sendable, Hashable {
    /// A sentence without the value's name and place, such as “Expected an E.164 number such as +14155550123.”
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
