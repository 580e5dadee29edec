package import GraphQL
package import OrderedCollections
package import QueryEngine

/// From a text, its variables and given values to what is sent, or to why it cannot be. Pure.
package enum TemplateRendering {
    /// The most UTF-16 units of a message (Twilio's error 21617).
    package static let longestBody = 1_600

    package struct Refusal: Error, Hashable {
        package let errors: [UserError]
    }

    /// - Parameters:
    ///   - values: by name. Null counts as not given.
    ///   - field: where the values stand in the input.
    ///   - mayBeEmpty: where something else is sent beside the text.
    package static func render(
        _ text: TemplateText, _ variables: [TemplateVariable], values: OrderedDictionary<String, JSONValue>,
        field: [String] = ["variables"], mayBeEmpty: Bool = false
    ) -> Result<String, Refusal> {
        let known = Dictionary(variables.map { ($0.name, $0) }) { first, _ in first }
        var errors: [UserError] = []
        var texts: [String: String] = [:]
        for name in text.variables {
            let variable = known[name] ?? TemplateVariable(name: name)
            guard let given = values[name], !given.isNull else {
                if let value = variable.defaultValue {
                    texts[name] = value
                } else {
                    errors.append(
                        UserError(
                            code: "MISSING_VARIABLE",
                            message: "The text's variable “\(name)” has no default, and no value was given for it.",
                            field: field + [name]))
                }
                continue
            }
            if let value = variable.text(of: given), variable.kind.admits(value) {
                texts[name] = value
            } else {
                errors.append(
                    UserError(
                        code: "INVALID_VARIABLE",
                        message: "The value of the text's variable “\(name)” does not fit. "
                            + variable.kind.expectation,
                        field: field + [name]))
            }
        }
        let names = Set(text.variables)
        for name in values.keys where !names.contains(name) {
            errors.append(
                UserError(
                    code: "UNKNOWN_VARIABLE",
                    message: "The template has no variable “\(name)”"
                        + (names.isEmpty ? "." : "; it has \(text.variables.joined(separator: ", "))."),
                    field: field + [name]))
        }
        guard errors.isEmpty else { return .failure(Refusal(errors: errors)) }
        let body = text.rendered(texts)
        if !mayBeEmpty, body.allSatisfy(\.isWhitespace) {
            errors.append(
                UserError(
                    code: "INVALID_BODY", message: "With these values the text to send is empty.", field: field))
        } else if body.utf16.count > longestBody {
            errors.append(
                UserError(
                    code: "BODY_TOO_LONG",
                    message: "With these values the text has \(body.utf16.count) characters; 1,600 are allowed.",
                    field: field))
        }
        return errors.isEmpty ? .success(body) : .failure(Refusal(errors: errors))
    }
}
