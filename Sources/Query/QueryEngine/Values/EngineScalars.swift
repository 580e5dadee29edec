package import GraphQL

/// Scalars whose form the engine and PostgreSQL rely on. A schema that the engine serves is built with them.
package enum EngineScalars {
    package static let all: [String: ScalarCoercion] = ["DateTime": dateTime, "JSON": .any]

    private static let dateTime = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) in
            guard let text = value.stringValue, DateTimeText.isRFC3339(text) else {
                throw CoercionFailure("Expected an instant by RFC 3339 such as 2026-11-20T18:15:06.123456+00:00.")
            }
            return value
        })
}
