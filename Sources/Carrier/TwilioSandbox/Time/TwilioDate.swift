import FoundationEssentials

/// The dates of the 2010 API: RFC 2822 in answers, days or ISO 8601 instants in filters, all in UTC.
enum TwilioDate {
    /// `Thu, 24 Aug 2023 05:01:45 +0000`
    static func rfc2822(_ date: Date) -> String {
        let (days, second) = split(date)
        let civil = civilDate(days)
        let weekday = weekdays[(((days % 7) + 11) % 7)]
        return "\(weekday), \(two(civil.day)) \(months[civil.month - 1]) \(civil.year) "
            + "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) +0000"
    }

    /// `2015-07-30T20:12:31Z`
    static func iso8601(_ date: Date) -> String {
        let (_, second) = split(date)
        return "\(day(date))T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    /// `2015-07-30`
    static func day(_ date: Date) -> String {
        let civil = civilDate(split(date).days)
        return "\(civil.year)-\(two(civil.month))-\(two(civil.day))"
    }

    /// The first day of the month that a day since 1970 is in, likewise.
    static func monthStart(_ day: Int) -> Int { day - civilDate(day).day + 1 }

    /// The first day of the year.
    static func yearStart(_ day: Int) -> Int { daysFromCivil(civilDate(day).year, 1, 1) }

    /// `YYMMDDhhmm`, as `RawDlrDoneDate` has it.
    static func deliveryReceipt(_ date: Date) -> String {
        let (days, second) = split(date)
        let civil = civilDate(days)
        return two(civil.year % 100) + two(civil.month) + two(civil.day) + two(second / 3600) + two(second / 60 % 60)
    }

    /// A filter's value: a whole day, or an instant.
    enum FilterValue: Sendable, Equatable {
        case day(start: Date)
        case instant(Date)
    }

    /// Reads `2024-01-02`, `2024-01-02T03:04:05Z` (with a fraction or an offset too); nil for anything else.
    static func filterValue(_ text: String) -> FilterValue? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let year = number(bytes[0..<4]), bytes[4] == UInt8(ascii: "-"),
            let month = number(bytes[5..<7]), bytes[7] == UInt8(ascii: "-"), let day = number(bytes[8..<10]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let start = Date(timeIntervalSince1970: Double(daysFromCivil(year, month, day) * 86_400))
        if bytes.count == 10 { return .day(start: start) }
        guard bytes.count >= 19, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            let hour = number(bytes[11..<13]), bytes[13] == UInt8(ascii: ":"), let minute = number(bytes[14..<16]),
            bytes[16] == UInt8(ascii: ":"), let second = number(bytes[17..<19]),
            hour < 24, minute < 60, second < 61, let offset = offset(bytes[19...])
        else { return nil }
        return .instant(start.addingTimeInterval(Double(hour * 3600 + minute * 60 + second) + offset))
    }

    /// The fraction and zone after the seconds, as seconds to add; nil when malformed.
    private static func offset(_ rest: ArraySlice<UInt8>) -> Double? {
        var rest = rest
        var fraction = 0.0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= 48 && $0 <= 57 }
            guard !digits.isEmpty, let value = Double("0." + String(decoding: digits, as: UTF8.self)) else {
                return nil
            }
            fraction = value
            rest = rest[digits.endIndex...]
        }
        if rest.isEmpty || rest.elementsEqual([UInt8(ascii: "Z")]) { return fraction }
        let zone = rest.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), zone.count == 4,
            let hours = number(zone[0..<2]), let minutes = number(zone[2..<4])
        else { return nil }
        let seconds = Double(hours * 3600 + minutes * 60)
        return fraction + (sign == UInt8(ascii: "+") ? -seconds : seconds)
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard digit >= 48, digit <= 57 else { return nil }
            value = value * 10 + Int(digit - 48)
        }
        return value
    }

    private static func split(_ date: Date) -> (days: Int, second: Int) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        return (days, seconds - days * 86_400)
    }

    /// Days since 1970-01-01 of a date of the proleptic Gregorian calendar (eras of 400 years from 1 March).
    private static func daysFromCivil(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civilDate(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}
