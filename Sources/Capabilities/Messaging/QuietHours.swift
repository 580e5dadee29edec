package import Foundation

/// A part of the day in which nobody is texted unasked, by the recipient's clock. It may span midnight.
package struct QuietHours: Sendable, Equatable {
    /// Minutes of the day, 0 to 1,439. Quiet from the first on, and no more from the second on.
    package let from: Int
    package let until: Int

    /// - Parameters: `HH:MM` each, not the same. `nil` for anything else.
    package init?(from: String, until: String) {
        guard let from = Self.minute(from), let until = Self.minute(until), from != until else { return nil }
        self.from = from
        self.until = until
    }

    package static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.utf8.count == 5, parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// When the quiet is over that `instant` falls into; `nil` when it is not quiet then.
    ///
    /// By the wall clock of `zone`: where a clock is set forward over the end, the quiet ends with the jump.
    package func end(at instant: Date, in zone: TimeZone) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.hour, .minute], from: instant)
        let now = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let isQuiet = from < until ? (from..<until).contains(now) : now >= from || now < until
        guard isQuiet else { return nil }
        let start = calendar.startOfDay(for: instant)
        let isTomorrow = now >= until
        let day = isTomorrow ? calendar.date(byAdding: .day, value: 1, to: start) ?? start : start
        let end = LocalTime.instant(
            of: day, hour: until / 60, minute: until % 60, calendar: calendar)
        return max(end, instant.addingTimeInterval(1))
    }
}

/// A date and a time of the day as a clock on some wall shows them.
package struct LocalTime: Sendable, Equatable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int

    /// `YYYY-MM-DDTHH:MM`, a day that there is.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int? {
            let digits = bytes[range]
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int(String(decoding: digits, as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), (1...12).contains(month), hour < 24, minute < 60, year >= 2000
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard
            let first = calendar.date(from: DateComponents(year: year, month: month)),
            let days = calendar.range(of: .day, in: .month, for: first), days.contains(day)
        else { return nil }
        (self.year, self.month, self.day, self.hour, self.minute) = (year, month, day, hour, minute)
    }

    /// The instant at which clocks in `zone` show this; the first of two, and where the clock jumps over it, the jump's end.
    package func instant(in zone: TimeZone) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let noon = calendar.date(from: DateComponents(year: year, month: month, day: day, hour: 12)) ?? Date()
        return Self.instant(of: noon, hour: hour, minute: minute, calendar: calendar)
    }

    static func instant(of day: Date, hour: Int, minute: Int, calendar: Calendar) -> Date {
        calendar.nextDate(
            after: calendar.startOfDay(for: day).addingTimeInterval(-1),
            matching: DateComponents(hour: hour, minute: minute, second: 0), matchingPolicy: .nextTime,
            repeatedTimePolicy: .first, direction: .forward) ?? day
    }
}
