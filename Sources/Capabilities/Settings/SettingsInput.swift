import GraphQL
import OrderedCollections
import QueryEngine

/// `UpdateSettingsInput`: each field that was given, checked, or why not.
enum SettingsInput {
    struct Refusal: Error {
        let errors: [UserError]
    }

    /// The value to keep, or what was expected of it.
    typealias Check = @Sendable (JSONValue) -> UserError?

    static func check(
        _ input: OrderedDictionary<String, JSONValue>
    ) -> Result<OrderedDictionary<String, JSONValue>, Refusal> {
        let errors = input.compactMap { name, value in value.isNull ? nil : checks[name]?(value) }
        return errors.isEmpty ? .success(input) : .failure(Refusal(errors: errors))
    }

    private static let checks: [String: Check] = [
        "defaultCountry": { value in
            let country = value.stringValue ?? ""
            let isCode = country.utf8.count == 2 && country.utf8.allSatisfy { (0x41...0x5A).contains($0) }
            return isCode
                ? nil
                : UserError(
                    code: "INVALID_COUNTRY",
                    message: "Expected a country's two capital letters by ISO 3166-1, such as US or GB.",
                    field: ["defaultCountry"])
        }
    ]
}
