/// A day of the calendar (UTC), as Twilio writes it in usage records, filters and porting: `2024-01-31`.
package struct Day: Sendable, Hashable, Comparable, Codable, FormValue, CustomStringConvertible {
    /// `YYYY-MM-DD`.
    package let text: String

    /// Nil unless it is four digits, a month and a day that exist.
    package init?(_ text: String) {
        guard text.utf8.count == 10, TwilioDate.parse(text + "T00:00:00Z") != nil else { return nil }
        self.text = text
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = Day(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day")
        }
        self = day
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package func append(to form: inout FormBody, as name: String) {
        form.append(name, text)
    }

    package var description: String { text }

    package static func < (left: Day, right: Day) -> Bool { left.text < right.text }
}
