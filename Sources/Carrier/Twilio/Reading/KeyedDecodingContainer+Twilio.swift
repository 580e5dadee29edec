import FoundationEssentials

/// How a field of Twilio's answers is read. The initializers that Swift writes for `Decodable` structs in this module
/// call these, since a method of the own module goes before the standard library's of the same shape: so each answer
/// is a list of its fields and nothing else. `AnswerTests` would fail at once if that were not so.
///
/// Absent, null and `""` all mean none: Twilio sends empty `sms_url`, `*_application_sid`, `count_unit`. Numbers may be
/// texts, and texts numbers. What is there and cannot be read is an error, never a guess.
extension KeyedDecodingContainer {
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        let text = try decode(String.self, forKey: key)
        return text.isEmpty ? nil : text
    }

    func decodeIfPresent(_ type: Decimal.Type, forKey key: Key) throws -> Decimal? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        guard let text = try? decode(String.self, forKey: key) else {
            return try superDecoder(forKey: key).singleValueContainer().decode(Decimal.self)
        }
        if text.isEmpty { return nil }
        guard TwilioNumber.isDecimal(text), let value = Decimal(string: text) else { throw unreadable(key) }
        return value
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        guard let text = try? decode(String.self, forKey: key) else {
            return try superDecoder(forKey: key).singleValueContainer().decode(Int.self)
        }
        if text.isEmpty { return nil }
        guard let value = Int(text) else { throw unreadable(key) }
        return value
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        guard let text = try? decode(String.self, forKey: key) else {
            return try superDecoder(forKey: key).singleValueContainer().decode(Bool.self)
        }
        switch text {
        case "": return nil
        case "true": return true
        case "false": return false
        default: throw unreadable(key)
        }
    }

    func decodeIfPresent(_ type: Date.Type, forKey key: Key) throws -> Date? {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let date = TwilioDate.parse(text) else { throw unreadable(key) }
        return date
    }

    func decodeIfPresent(_ type: Day.Type, forKey key: Key) throws -> Day? {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let day = Day(text) else { throw unreadable(key) }
        return day
    }

    func decodeIfPresent<Kind>(_ type: Sid<Kind>.Type, forKey key: Key) throws -> Sid<Kind>? {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard let sid = Sid<Kind>(text) else { throw unreadable(key) }
        return sid
    }

    func decodeIfPresent<Word: OpenEnumeration>(_ type: Word.Type, forKey key: Key) throws -> Word? {
        try decodeIfPresent(String.self, forKey: key).map { Word(rawValue: $0) }
    }

    func decode(_ type: Decimal.Type, forKey key: Key) throws -> Decimal {
        try required(decodeIfPresent(type, forKey: key), key)
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        try required(decodeIfPresent(type, forKey: key), key)
    }

    func decode(_ type: Date.Type, forKey key: Key) throws -> Date {
        try required(decodeIfPresent(type, forKey: key), key)
    }

    private func required<Value>(_ value: Value?, _ key: Key) throws -> Value {
        guard let value else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "none"))
        }
        return value
    }

    private func unreadable(_ key: Key) -> DecodingError {
        .dataCorruptedError(forKey: key, in: self, debugDescription: "unreadable")
    }
}

enum TwilioNumber {
    /// Whether the whole text is a plain decimal: `Decimal(string:)` would read just the beginning of `12abc`.
    static func isDecimal(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : Substring(text)
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy {
                !$0.isEmpty && $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            }
    }
}
