package import QueryEngine

/// A phone number by ITU-T E.164: `+` and 8 to 15 digits, the first not 0.
package struct E164: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// `nil` for anything else; nothing is trimmed or guessed.
    package init?(_ text: String) {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "+"), (8...15).contains(digits.count),
            digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        description = text
    }

    /// What to tell somebody who gave something else.
    package static let expectation =
        "Expected a number in E.164 form: \"+\", the country code and the number, 8 to 15 digits without spaces, "
        + "such as +14155550123."

    /// The refusal of a text that is no such number, with the one that was likely meant.
    ///
    /// - Parameter country: the organization's default country.
    package static func refusal(_ text: String, country: String?, field: [String]) -> UserError {
        let likely = NationalNumber.likely(text, in: country)
        return UserError(
            code: "INVALID_PHONE", message: expectation + (likely.map { " Did you mean \($0)?" } ?? ""), field: field)
    }
}
