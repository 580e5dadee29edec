import Foundation

/// `timestamptz` as text, in both directions and to the microsecond.
///
/// Connections run with `DateStyle=ISO` and `TimeZone=UTC`, so PostgreSQL prints `2026-11-20 23:32:45.123456+00`.
enum TimestampText {
    /// Reads `YYYY-MM-DD hh:mm:ss[.ffffff][(+|-)hh[:mm[:ss]]|Z]`, with a space or a `T`; without an offset, UTC.
    static func decode(_ text: [UInt8]) -> Date? {
        var scanner = Scanner(text: text)
        guard let year = scanner.digits(atLeast: 4), scanner.take("-"),
            let month = scanner.digits(atLeast: 2), scanner.take("-"),
            let day = scanner.digits(atLeast: 2), scanner.take(" ") || scanner.take("T"),
            let hour = scanner.digits(atLeast: 2), scanner.take(":"),
            let minute = scanner.digits(atLeast: 2), scanner.take(":"),
            let second = scanner.digits(atLeast: 2)
        else { return nil }
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        var microseconds: Int64 = 0
        if scanner.take(".") {
            guard let fraction = scanner.fraction() else { return nil }
            microseconds = fraction
        }
        var offset: Int64 = 0
        if !scanner.take("Z") && !scanner.atEnd {
            let east = scanner.take("+")
            guard east || scanner.take("-") else { return nil }
            guard let hours = scanner.digits(atLeast: 2) else { return nil }
            offset = hours * 3600
            if scanner.take(":") { offset += (scanner.digits(atLeast: 2) ?? 0) * 60 }
            if scanner.take(":") { offset += scanner.digits(atLeast: 2) ?? 0 }
            if !east { offset = -offset }
        }
        guard scanner.atEnd else { return nil }
        let seconds =
            daysSinceEpoch(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        // Relative to 2001, where `Date` counts from, so that no bits are lost on the way.
        let sinceReference = seconds - Int64(Date.timeIntervalBetween1970AndReferenceDate)
        return Date(timeIntervalSinceReferenceDate: Double(sinceReference) + Double(microseconds) / 1_000_000)
    }

    /// `2026-11-20T23:32:45.123456Z`.
    static func encode(_ date: Date, into bytes: inout [UInt8]) {
        let sinceReference = date.timeIntervalSinceReferenceDate
        let whole = sinceReference.rounded(.down)
        var seconds = Int64(whole) + Int64(Date.timeIntervalBetween1970AndReferenceDate)
        var microseconds = Int64(((sinceReference - whole) * 1_000_000).rounded())
        if microseconds == 1_000_000 {
            seconds += 1
            microseconds = 0
        }
        var days = seconds / 86_400
        var rest = seconds % 86_400
        if rest < 0 {
            days -= 1
            rest += 86_400
        }
        let (year, month, day) = civil(daysSinceEpoch: days)
        append(max(year, 1 - year), digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        append(rest / 3600, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(rest / 60 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(rest % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        append(microseconds, digits: 6, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        // PostgreSQL has no year 0: what the calendar calls -1 is 2 BC.
        if year < 1 { bytes.append(contentsOf: " BC".utf8) }
    }

    private static func append(_ number: Int64, digits: Int, to bytes: inout [UInt8]) {
        let text = String(number)
        for _ in 0..<max(0, digits - text.utf8.count) { bytes.append(UInt8(ascii: "0")) }
        bytes.append(contentsOf: text.utf8)
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in eras of 400 years from 1 March.
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private struct Scanner {
        let text: [UInt8]
        var position = 0

        var atEnd: Bool { position == text.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func digits(atLeast least: Int) -> Int64? {
            let start = position
            var value: Int64 = 0
            while position < text.count, position - start < 9, let digit = digit(text[position]) {
                value = value * 10 + digit
                position += 1
            }
            return position - start >= least ? value : nil
        }

        /// One to six digits, as microseconds.
        mutating func fraction() -> Int64? {
            let start = position
            guard var value = digits(atLeast: 1), position - start <= 6 else { return nil }
            for _ in 0..<(6 - (position - start)) { value *= 10 }
            return value
        }

        private func digit(_ byte: UInt8) -> Int64? {
            byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int64(byte - UInt8(ascii: "0")) : nil
        }
    }
}
