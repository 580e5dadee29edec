import Foundation
import GraphQL
import OrderedCollections
import TestSupport

/// A value of a row, as PostgreSQL printed it.
enum Cell: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case text(String)
    /// Microseconds since 1970, and its spelling.
    case instant(Int64, String)
    case other(JSONValue)

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var int: Int64? { if case .int(let int) = self { int } else { nil } }

    var json: JSONValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .text(let text), .instant(_, let text): .string(text)
        case .other(let value): value
        }
    }

    /// As ORDER BY does: what is null comes after everything.
    static func isBefore(_ left: Cell, _ right: Cell) -> Bool {
        switch (left, right) {
        case (.null, _): false
        case (_, .null): true
        case (.bool(let left), .bool(let right)): !left && right
        case (.int(let left), .int(let right)): left < right
        case (.instant(let left, _), .instant(let right, _)): left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        default: false
        }
    }
}

typealias Row = [String: Cell]

/// All rows of the tables and views that the schema names, read by plain SQL as superuser.
struct Rows: Sendable {
    private var tables: [String: [Row]] = [:]

    subscript(table: String) -> [Row] { tables[table] ?? [] }

    /// - Parameter organization: `nil` for the platform's rows, which are everybody's.
    func rows(of table: SchemaMeaning.Table, in organization: String?) -> [Row] {
        guard !table.isPlatform else { return self[table.name] }
        return self[table.name].filter { $0[table.tenantColumn]?.text == organization }
    }

    /// In an order that is the same in every database that has them.
    init(of names: Set<String>, from database: TestDatabase) async throws {
        let names = names.sorted()
        let list = names.map { "'\($0)'" }.joined(separator: ", ")
        let instants = try await database.psql(
            """
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' AND table_name IN (\(list))
            """)
        let instantColumns = Set(instants.split(separator: "\n").map(String.init))
        let lines = try await database.psql(
            "SET timezone = 'UTC';\n"
                + names.map { "SELECT '\($0) ' || row_to_json(t)::text FROM \($0) t ORDER BY 1;" }.joined(
                    separator: "\n"))
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let values = try JSONValue(parsing: Array(parts[1].utf8)).objectValue else {
                continue
            }
            let table = String(parts[0])
            var row: Row = [:]
            for (column, value) in values {
                row[column] = Self.cell(value, isInstant: instantColumns.contains("\(table).\(column)"))
            }
            tables[table, default: []].append(row)
        }
    }

    private static func cell(_ value: JSONValue, isInstant: Bool) -> Cell {
        switch value {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .string(let text):
            if isInstant, let microseconds = Instant.microseconds(text) { return .instant(microseconds, text) }
            return .text(text)
        default: return .other(value)
        }
    }
}

/// RFC 3339, by the book.
enum Instant {
    /// Microseconds since 1970, rounded.
    static func microseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            return Int64(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        var index = 19
        var fraction: Double = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            var end = index + 1
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
            fraction = Double("0." + String(decoding: bytes[(index + 1)..<end], as: UTF8.self)) ?? 0
            index = end
        }
        var offset: Int64 = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
            guard let hours = number(index + 1..<index + 3), let minutes = number(index + 4..<index + 6) else {
                return nil
            }
            offset = (hours * 60 + minutes) * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
        }
        let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second
        return seconds * 1_000_000 + Int64((fraction * 1_000_000).rounded(.toNearestOrEven))
    }

    /// Days since 1970, by the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The same instant with another offset, in minutes, and so many digits of a second's fraction, at least 6.
    static func text(_ microseconds: Int64, offset: Int, letters: (String, String) = ("T", "Z")) -> String {
        let local = microseconds + Int64(offset) * 60_000_000
        let (days, rest) = (Int64((Double(local) / 86_400_000_000).rounded(.down)), local)
        let inDay = rest - days * 86_400_000_000
        let (year, month, day) = date(days)
        func pad(_ value: Int64, _ width: Int) -> String {
            let digits = "\(value)"
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let seconds = inDay / 1_000_000
        let clock = "\(pad(seconds / 3_600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2))"
        let fraction = inDay % 1_000_000 == 0 ? "" : ".\(pad(inDay % 1_000_000, 6))"
        let sign = offset < 0 ? "-" : "+"
        let zone =
            offset == 0 ? letters.1 : "\(sign)\(pad(Int64(abs(offset) / 60), 2)):\(pad(Int64(abs(offset) % 60), 2))"
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))\(letters.0)\(clock)\(fraction)\(zone)"
    }

    private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
