package import FoundationEssentials

/// The two ways in which Twilio writes instants: RFC 2822 in the 2010 API (`Thu, 24 Aug 2023 05:01:45 +0000`), and
/// ISO 8601 elsewhere (`2015-07-30T20:12:31Z`).
package enum TwilioDate {
    /// Nil when the text is neither.
    package static func parse(_ text: String) -> Date? {
        usual(Array(text.utf8)[...]) ?? rfc2822(text) ?? iso8601(text)
    }

    /// `Thu, 24 Aug 2023 05:01:45 +0000` exactly, of which most answers hold three; nil for anything else, valid or not.
    static func usual(_ text: ArraySlice<UInt8>) -> Date? {
        let start = text.startIndex
        func digits(_ first: Int, _ count: Int) -> Int? {
            var value = 0
            for byte in text[(start + first)..<(start + first + count)] {
                let digit = byte &- UInt8(ascii: "0")
                guard digit < 10 else { return nil }
                value = value * 10 + Int(digit)
            }
            return value
        }
        func stands(_ wanted: StaticString, at place: Int) -> Bool {
            wanted.withUTF8Buffer { wanted in
                text[(start + place)..<(start + place + wanted.count)].elementsEqual(wanted)
            }
        }
        guard text.count == 31, !text.prefix(3).contains(UInt8(ascii: " ")), stands(", ", at: 3), stands(" ", at: 7),
            stands(" ", at: 11), stands(" ", at: 16), stands(":", at: 19), stands(":", at: 22),
            stands(" +0000", at: 25), let month = months.firstIndex(where: { stands($0, at: 8) }),
            let day = digits(5, 2), let year = digits(12, 4), let hour = digits(17, 2), let minute = digits(20, 2),
            let second = digits(23, 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return date(year: year, month: month + 1, day: day, seconds: hour * 3600 + minute * 60 + second)
    }

    /// What filters and `SendAt` take: `2024-01-02T03:04:05Z`, whole seconds, UTC.
    package static func iso(_ date: Date) -> String {
        date.formatted(.iso8601)
    }

    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func rfc2822(_ text: String) -> Date? {
        var words = text.split(separator: " ")
        if words.first?.hasSuffix(",") == true { words.removeFirst() }
        guard words.count == 5, let day = number(words[0], 1...2),
            let month = months.firstIndex(where: { $0.description == words[1] }),
            let year = number(words[2], 4...4), let seconds = clock(words[3]), let offset = zone(words[4])
        else { return nil }
        return date(year: year, month: month + 1, day: day, seconds: seconds - offset)
    }

    private static func iso8601(_ text: String) -> Date? {
        guard let letter = text.firstIndex(of: "T") else { return nil }
        let parts = text[..<letter].split(separator: "-", omittingEmptySubsequences: false)
        let rest = text[text.index(after: letter)...]
        guard parts.count == 3, let year = number(parts[0], 4...4), let month = number(parts[1], 2...2),
            let day = number(parts[2], 2...2), let end = rest.firstIndex(where: { "Z+-".contains($0) }),
            let offset = zone(rest[end...])
        else { return nil }
        let time = rest[..<end].split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = time.first, let seconds = clock(whole), time.count <= 2 else { return nil }
        var fraction = 0.0
        if time.count == 2 {
            guard number(time[1], 1...9) != nil, let value = Double("0." + time[1]) else { return nil }
            fraction = value
        }
        return date(year: year, month: month, day: day, seconds: seconds - offset)?.addingTimeInterval(fraction)
    }

    /// `hh:mm:ss`, as seconds of the day. A leap second counts as the next minute's first.
    private static func clock(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0], 2...2), let minute = number(parts[1], 2...2),
            let second = number(parts[2], 2...2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// `+0000`, `+00:00`, `Z` or `GMT`, as seconds east.
    private static func zone(_ text: Substring) -> Int? {
        if text == "Z" || text == "GMT" || text == "UTC" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 4, let value = number(Substring(digits), 4...4), value % 100 < 60 else { return nil }
        let seconds = value / 100 * 3600 + value % 100 * 60
        return sign == "+" ? seconds : -seconds
    }

    private static func number(_ text: Substring, _ length: ClosedRange<Int>) -> Int? {
        guard length.contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// Days since 1970 by the proleptic Gregorian calendar, counted from March so that leap days come last.
    private static func date(year: Int, month: Int, day: Int, seconds: Int) -> Date? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.dividedFloor(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Date(timeIntervalSince1970: Double(days * 86_400 + seconds))
    }
}

extension Int {
    fileprivate func dividedFloor(by divisor: Int) -> Int {
        self >= 0 ? self / divisor : (self - divisor + 1) / divisor
    }
}
