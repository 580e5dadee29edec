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
}
