import GraphQL
import OrderedCollections
import QueryEngine

/// A text and its variables as somebody wants to keep them, checked.
struct TemplateDraft: Sendable, Hashable {
    /// Mirrors the CHECK on `templates.kind`.
    enum Kind: String, Sendable {
        case `static` = "STATIC"
        case dynamic = "DYNAMIC"
    }

    let body: String
    let kind: Kind
    /// One for each in the text, in its order.
    let variables: [TemplateVariable]

    struct Refusal: Error {
        let errors: [UserError]
    }

    static let mostVariables = 50

    /// - Parameters:
    ///   - kind: what is wanted; `nil` for whatever the text is.
    ///   - keepsUnused: whether something said of a variable that is not in the text is passed over.
    static func check(
        body: String, kind: Kind?, variables: [TemplateVariable], keepsUnused: Bool = false
    ) -> Result<TemplateDraft, Refusal> {
        var errors: [UserError] = []
        if body.allSatisfy(\.isWhitespace) || body.utf8.contains(0) {
            errors.append(
                UserError(code: "INVALID_BODY", message: "Expected a text without U+0000.", field: ["body"]))
        } else if body.utf16.count > TemplateRendering.longestBody {
            errors.append(
                UserError(
                    code: "BODY_TOO_LONG",
                    message: "Expected at most 1,600 characters; this has \(body.utf16.count).", field: ["body"]))
        }
        let text: TemplateText
        do {
            text = try TemplateText(body)
        } catch {
            errors.append(
                UserError(
                    code: "INVALID_BODY", message: "At character \(error.offset + 1), \(error.reason).",
                    field: ["body"]))
            return .failure(Refusal(errors: errors))
        }
        let names = text.variables
        if names.count > mostVariables {
            errors.append(
                UserError(
                    code: "TOO_MANY_VARIABLES",
                    message: "Expected at most \(mostVariables) variables; these are \(names.count).", field: ["body"]))
        }
        var said: [String: TemplateVariable] = [:]
        for (index, variable) in variables.enumerated() {
            let field = ["variables", "\(index)"]
            if !names.contains(variable.name) {
                if keepsUnused { continue }
                errors.append(
                    UserError(
                        code: "UNUSED_VARIABLE",
                        message: "The text has no “{\(variable.name)}”; put it in, or leave the variable out.",
                        field: field))
            } else if said.updateValue(variable, forKey: variable.name) != nil {
                errors.append(
                    UserError(
                        code: "INVALID_VARIABLE", message: "“\(variable.name)” is said of twice.", field: field))
            } else if let value = variable.defaultValue, !variable.kind.admits(value) {
                errors.append(
                    UserError(
                        code: "INVALID_VARIABLE",
                        message: "The default of “\(variable.name)” does not fit. \(variable.kind.expectation)",
                        field: field + ["defaultValue"]))
            }
        }
        let told = names.isEmpty ? Kind.static : .dynamic
        if let kind, kind != told {
            errors.append(
                UserError(
                    code: "KIND_MISMATCH",
                    message: kind == .static
                        ? "A STATIC template has no variables; this text has \(names.joined(separator: ", "))."
                        : "A DYNAMIC template has variables such as {name}; this text has none.",
                    field: ["kind"]))
        }
        guard errors.isEmpty else { return .failure(Refusal(errors: errors)) }
        return .success(
            TemplateDraft(
                body: body, kind: told, variables: names.map { said[$0] ?? TemplateVariable(name: $0) }))
    }

    /// Of `TemplateVariableInput`.
    static func variables(_ input: JSONValue?) -> [TemplateVariable]? {
        input?.arrayValue?.map { variable in
            TemplateVariable(
                name: variable["name"]?.stringValue ?? "",
                kind: variable["type"]?.stringValue.flatMap(TemplateVariable.Kind.init(rawValue:)) ?? .text,
                defaultValue: variable["defaultValue"]?.stringValue)
        }
    }
}
