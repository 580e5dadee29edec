import GraphQL
import OrderedCollections
import QueryEngine

/// `UpdateSettingsInput`: each field that was given, checked, or why not.
enum SettingsInput {
    struct Refusal: Error {
        let errors: [UserError]
    }

    static func check(
        _ input: OrderedDictionary<String, JSONValue>
    ) -> Result<OrderedDictionary<String, JSONValue>, Refusal> {
        let errors = input.compactMap { name, value in value.isNull ? nil : checks[name]?(name, value) }
        return errors.isEmpty ? .success(input) : .failure(Refusal(errors: errors))
    }

    /// What is wrong with the value of a field; `nil` for nothing.
    typealias Check = @Sendable (_ field: String, JSONValue) -> UserError?

    private static let checks: [String: Check] = [
        "defaultCountry": country, "optOutReply": text, "optInReply": text, "helpReply": text, "stopWords": words,
        "startWords": words, "helpWords": words,
    ]

    private static let country: Check = { field, value in
        let country = value.stringValue ?? ""
        let isCode = country.utf8.count == 2 && country.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        return isCode
            ? nil
            : UserError(
                code: "INVALID_COUNTRY",
                message: "Expected a country's two capital letters by ISO 3166-1, such as US or GB.", field: [field])
    }

    private static let text: Check = { field, value in
        let text = value.stringValue ?? ""
        if (1...ReplyText.longestChosen).contains(text.utf16.count), !text.allSatisfy(\.isWhitespace),
            !text.utf8.contains(0)
        {
            return nil
        }
        return UserError(
            code: "INVALID_TEXT", message: "Expected 1 to 1,000 characters, or null for the usual text.",
            field: [field])
    }

    private static let words: Check = { field, value in
        let words = value.arrayValue?.compactMap(\.stringValue) ?? []
        let areFit = words.allSatisfy { word in
            (1...100).contains(word.unicodeScalars.count) && word.contains { $0.isLetter || $0.isNumber }
                && word.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
        if areFit, words.count <= 100 { return nil }
        return UserError(
            code: "INVALID_WORDS",
            message: "Expected at most 100 wordings of 1 to 100 characters each, on one line and with a letter in it.",
            field: [field])
    }
}
