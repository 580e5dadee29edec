package import GraphQL
import OrderedCollections

/// What is said of a variable.
package struct TemplateVariable: Sendable, Hashable {
    /// Mirrors the CHECK on `template_variables.type`.
    package enum Kind: String, Sendable, CaseIterable {
        case text = "TEXT"
        case number = "NUMBER"
        case date = "DATE"
        case time = "TIME"
        case url = "URL"

        /// What was expected, for people.
        package var expectation: String {
            switch self {
            case .text: "Expected a text."
            case .number: "Expected a number such as 12 or 12.50."
            case .date: "Expected a date such as 2026-11-20."
            case .time: "Expected a time such as 09:30."
            case .url: "Expected an address that begins with http:// or https://."
            }
        }

        /// Whether the text is a value of this kind.
        package func admits(_ text: String) -> Bool {
            if text.utf8.contains(0) { return false }
            switch self {
            case .text: return true
            case .number:
                let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
                let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
                return (1...2).contains(parts.count)
                    && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Self.isDigit) }
            case .date:
                guard let parts = Self.numbers(text, separator: "-", widths: [4, 2, 2]) else { return false }
                return (1...12).contains(parts[1]) && (1...Self.days(parts[1], of: parts[0])).contains(parts[2])
            case .time:
                guard let parts = Self.numbers(text, separator: ":", widths: [2, 2]) else { return false }
                return parts[0] < 24 && parts[1] < 60
            case .url:
                let scheme = ["https://", "http://"].first { text.lowercased().hasPrefix($0) }
                guard let scheme else { return false }
                return text.utf8.count > scheme.utf8.count && !text.contains { $0.isWhitespace }
            }
        }

        private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

        private static func numbers(_ text: String, separator: Character, widths: [Int]) -> [Int]? {
            let parts = text.split(separator: separator, omittingEmptySubsequences: false)
            guard parts.count == widths.count,
                zip(parts, widths).allSatisfy({ $0.utf8.count == $1 && $0.utf8.allSatisfy(isDigit) })
            else { return nil }
            return parts.compactMap { Int($0) }
        }

        private static func days(_ month: Int, of year: Int) -> Int {
            switch month {
            case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }
    }

    package let name: String
    package let kind: Kind
    package let defaultValue: String?

    package init(name: String, kind: Kind = .text, defaultValue: String? = nil) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
    }

    /// The text of a value as it was given: a text, a number for a NUMBER, and for a TEXT also a number or a truth value;
    /// `nil` for anything else.
    package func text(of value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .int(let number): kind == .number || kind == .text ? "\(number)" : nil
        case .number(let spelling): kind == .number || kind == .text ? spelling : nil
        case .bool(let flag): kind == .text ? "\(flag)" : nil
        default: nil
        }
    }
}
