package import Foundation

/// When an organization is open, on its own clock. Lines such as `MON 09:00-17:30`; several for a day with a break.
package struct OfficeHours: Sendable, Hashable {
    private struct Span: Hashable {
        /// As `Calendar` counts: 1 is Sunday.
        let weekday: Int
        /// Minutes of the day; the end is not open any more.
        let from: Int
        let until: Int
    }

    private let spans: [Span]
    private let timeZone: TimeZone

    private static let days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    /// `nil` when a line is none, or the time zone is none; empty lines are never open.
    ///
    /// - Parameter timeZone: an IANA name; UTC where there is none.
    package init?(_ lines: [String], timeZone: String?) {
        guard let zone = TimeZone(identifier: timeZone ?? "UTC") else { return nil }
        var spans: [Span] = []
        for line in lines {
            guard let span = Self.span(line) else { return nil }
            spans.append(span)
        }
        self.spans = spans
        self.timeZone = zone
    }

    package static func isLine(_ line: String) -> Bool { span(line) != nil }

    private static func span(_ line: String) -> Span? {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = days.firstIndex(of: String(parts[0])) else { return nil }
        let times = parts[1].split(separator: "-", omittingEmptySubsequences: false).compactMap(minutes)
        guard times.count == 2, times[0] < times[1] else { return nil }
        return Span(weekday: day + 1, from: times[0], until: times[1])
    }

    /// `HH:MM`, to `24:00`.
    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy({ (0x30...0x39).contains($0) }) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1_440
        else { return nil }
        return hour * 60 + minute
    }

    package func isOpen(at instant: Date) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let now = calendar.dateComponents([.weekday, .hour, .minute], from: instant)
        let minute = (now.hour ?? 0) * 60 + (now.minute ?? 0)
        return spans.contains { $0.weekday == now.weekday && ($0.from..<$0.until).contains(minute) }
    }
}
