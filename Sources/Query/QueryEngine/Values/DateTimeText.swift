/// Checks instants before PostgreSQL sees them, so that a malformed one is the caller's error and never the database's.
enum DateTimeText {
    /// RFC 3339: `2026-11-20T18:15:06.123456+00:00` or with `Z`; one to nine digits of a second's fraction.
    static func isRFC3339(_ text: String) -> Bool {
        var scanner = Scanner(text)
        guard scanner.date(), scanner.take("T") || scanner.take("t"), scanner.time(fraction: 9) else { return false }
        if scanner.take("Z") || scanner.take("z") { return scanner.isAtEnd }
        guard scanner.take("+") || scanner.take("-"), let hours = scanner.number(2), scanner.take(":"),
            let minutes = scanner.number(2)
        else { return false }
        // PostgreSQL takes no offset of 16 hours or more; on earth the largest is 14.
        return hours <= 15 && minutes <= 59 && scanner.isAtEnd
    }

    /// As PostgreSQL prints a `timestamptz` in UTC: `2026-11-20 18:15:06.123456+00`.
    static func isPostgres(_ text: String) -> Bool {
        var scanner = Scanner(text)
        return scanner.date() && scanner.take(" ") && scanner.time(fraction: 6) && scanner.take("+")
            && scanner.number(2) == 0 && scanner.isAtEnd
    }

    private struct Scanner {
        private let bytes: [UInt8]
        private var position = 0

        init(_ text: String) {
            bytes = Array(text.utf8)
        }

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func number(_ digits: Int) -> Int? {
            guard position + digits <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[position..<position + digits] {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            position += digits
            return value
        }

        /// A day that exists, in the years 1 to 9999.
        mutating func date() -> Bool {
            guard let year = number(4), year > 0, take("-"), let month = number(2), (1...12).contains(month), take("-"),
                let day = number(2)
            else { return false }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            return day >= 1 && day <= days[month - 1]
        }

        /// A leap second is allowed; PostgreSQL takes it for the next minute's first.
        mutating func time(fraction most: Int) -> Bool {
            guard let hour = number(2), hour <= 23, take(":"), let minute = number(2), minute <= 59, take(":"),
                let second = number(2), second <= 60
            else { return false }
            guard take(".") else { return true }
            var digits = 0
            while number(1) != nil { digits += 1 }
            return digits >= 1 && digits <= most
        }
    }
}
