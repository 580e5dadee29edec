import Foundation
import GraphQL
import OrderedCollections
import QueryEngine

/// Numbers over rows, and the groups that they are over.
extension Interpreter.Run {
    typealias Group = Interpreter.Group

    func aggregate(
        _ aggregate: SchemaMeaning.Aggregate, _ field: Field, _ definition: FieldDefinition, of type: String,
        _ parent: Row
    ) -> Value {
        let arguments = self.arguments(of: field, definition)
        var rows = rows(of: aggregate.table)
        if let key = aggregate.key { rows = rows.filter { $0[key] == parent["id"] && $0[key] != .null } }
        rows = rows.filter { passes($0, arguments, definition, of: type) }
        var unit: String?
        var zone = "UTC"
        var columns: [String] = []
        for argument in definition.arguments.values {
            guard let value = arguments[argument.name], !value.isNull else { continue }
            switch meaning.purpose(of: argument, definition, in: type) {
            case .bucket(let type): unit = meaning.buckets[type]?[value.stringValue ?? ""]
            case .timeZone: zone = value.stringValue ?? zone
            case .groups(let type):
                for name in (value.arrayValue ?? [value]).compactMap(\.stringValue) {
                    if let column = meaning.groups[type]?[name], !columns.contains(column) { columns.append(column) }
                }
            default: break
            }
        }
        var groups: [Group] = []
        for row in rows {
            var keys: [String: Cell] = [:]
            if let unit, let bucket = aggregate.bucket, case .instant(let microseconds, _)? = row[bucket] {
                keys[bucket] = Calendars.start(of: unit, microseconds, zone)
            }
            for column in columns { keys[column] = row[column] ?? .null }
            if let known = groups.firstIndex(where: { $0.keys == keys }) {
                groups[known].rows.append(row)
            } else {
                groups.append(Group(keys: keys, rows: [row]))
            }
        }
        let grouping = (unit == nil ? [] : [aggregate.bucket ?? ""]) + columns
        if grouping.isEmpty, groups.isEmpty { groups = [Group(keys: [:], rows: [])] }
        groups.sort { left, right in
            for column in grouping {
                let (first, second) = (left.keys[column] ?? .null, right.keys[column] ?? .null)
                if first != second { return Cell.isBefore(first, second) }
            }
            return false
        }
        let objects = groups.map { Value.object(definition.type.namedType, .group($0)) }
        return definition.type.isList ? .list(objects) : objects[0]
    }

    func number(_ definition: FieldDefinition, of type: String, _ group: Group) -> Value {
        switch meaning.answer(definition, in: type) {
        case .group(let column, let prefix):
            let cell = group.keys[column] ?? .null
            if let prefix { return cell.text.map { .leaf(.string(Identifier.opaque($0, prefix))) } ?? .null }
            return cell == .null ? .null : .leaf(cell.json)
        case .measure(let measure):
            var rows = group.rows
            if let only = measure.only { rows = rows.filter { only.values.contains($0[only.column]?.text ?? "") } }
            let cells = rows.compactMap { row in measure.column.map { row[$0] ?? .null } }.filter { $0 != .null }
            switch measure.function {
            case "COUNT": return .leaf(.int(Int64(measure.column == nil ? rows.count : cells.count)))
            case "SUM": return .leaf(.int(cells.reduce(0) { $0 + ($1.int ?? 0) }))
            case "MIN": return cells.min(by: Cell.isBefore).map { .leaf($0.json) } ?? .null
            default: return cells.max(by: Cell.isBefore).map { .leaf($0.json) } ?? .null
            }
        default: return .null
        }
    }
}

/// Where a stretch of a calendar begins.
enum Calendars {
    /// - Parameter unit: HOUR, DAY, WEEK (from Monday), MONTH, QUARTER or YEAR.
    static func start(of unit: String, _ microseconds: Int64, _ zone: String) -> Cell {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        let date = Date(timeIntervalSince1970: Double(microseconds / 1_000_000))
        var parts = calendar.dateComponents([.year, .month, .day, .hour], from: date)
        switch unit {
        case "HOUR": break
        case "DAY": parts.hour = 0
        case "WEEK":
            let weekday = calendar.component(.weekday, from: date)
            parts.day = (parts.day ?? 1) - (weekday + 5) % 7
            parts.hour = 0
        case "MONTH": (parts.day, parts.hour) = (1, 0)
        case "QUARTER": (parts.month, parts.day, parts.hour) = (((parts.month ?? 1) - 1) / 3 * 3 + 1, 1, 0)
        default: (parts.month, parts.day, parts.hour) = (1, 1, 0)
        }
        guard let start = calendar.date(from: parts) else { return .null }
        let whole = Int64(start.timeIntervalSince1970.rounded()) * 1_000_000
        return .instant(whole, Instant.text(whole, offset: 0, letters: ("T", "+00:00")))
    }
}
