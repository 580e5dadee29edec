import Foundation
package import GraphQL

/// Scalars whose form the engine and PostgreSQL rely on. A schema that the engine serves is built with them.
package enum EngineScalars {
    package static let all: [String: ScalarCoercion] = ["DateTime": dateTime, "JSON": .any, "TimeZone": timeZone]

    /// Where PostgreSQL does not know the name after all, it says so by 22023.
    private static let timeZone = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) in
            guard let name = value.stringValue, isTimeZone(name) else {
                throw CoercionFailure("Expected an IANA time zone such as America/New_York.")
            }
            return value
        })

    /// `Area/Place` or `UTC`: PostgreSQL would also take offsets whose sign means the opposite of what most expect.
    private static func isTimeZone(_ name: String) -> Bool {
        name == "UTC" || (name.contains("/") && TimeZone(identifier: name) != nil)
    }

    private static let dateTime = ScalarCoercion(
        parseValue: { (value: JSONValue) throws(CoercionFailure) in
            guard let text = value.stringValue, DateTimeText.isRFC3339(text) else {
                throw CoercionFailure("Expected an instant by RFC 3339 such as 2026-11-20T18:15:06.123456+00:00.")
            }
            return value
        })
}
