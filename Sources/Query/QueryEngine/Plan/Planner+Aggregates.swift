import GraphQL
import OrderedCollections

/// Numbers over rows: which rows, which groups, which numbers.
extension Planner {
    mutating func aggregateRead(
        _ aggregate: AggregateBinding, _ fields: [Field], _ field: Field, _ definition: FieldDefinition,
        _ coordinate: String
    ) throws(Refusal) -> (AggregateRead, Cost) {
        let type = aggregate.table.typeName
        let set = try argumentSet(field, definition, coordinate)
        let groups = self.groups(aggregate, definition, set: set)
        var members: [(key: String, value: AggregateValue)] = []
        for (key, occurrences) in try collect(fields.compactMap(\.selectionSet), on: type) {
            guard let part = occurrences.first else { continue }
            switch catalog.binding(type, part.name) {
            case .measure(let measure): members.append((key, .measure(measure)))
            case .group(let column, let form):
                let place = groups.firstIndex { group in
                    switch group {
                    case .column(let name): name == column
                    case .bucket(let name, _, _): name == column
                    }
                }
                members.append((key, place.map { .group($0, form) } ?? .ungrouped))
            default: members.append((key, .typename(type)))
            }
        }
        let read = AggregateRead(
            coordinate: coordinate, key: aggregate.key, table: aggregate.table,
            conditions: try conditions(definition, set: set, field, coordinate), groups: groups,
            isList: definition.type.isList, members: members)
        return (read, .fixed(configuration.aggregateCost))
    }

    /// The bucket first, then the columns in the order that was asked for, each once.
    private func groups(
        _ aggregate: AggregateBinding, _ definition: FieldDefinition, set: Int
    ) -> [AggregateRead.Group] {
        let arguments = currentArguments[set]
        var bucket: AggregateRead.Group?
        var columns: [String] = []
        let zone = definition.arguments.first { $0.value.type.namedType == "TimeZone" }?.key ?? ""
        for (name, argument) in definition.arguments {
            let type = argument.type.namedType
            if let units = catalog.buckets[type], let column = aggregate.bucket,
                let unit = arguments[name]?.stringValue.flatMap({ units[$0] })
            {
                bucket = .bucket(column: column, unit, timeZone: .timeZone(set: set, argument: zone))
            } else if let known = catalog.groups[type] {
                for column in (arguments[name]?.arrayValue ?? []).compactMap({ $0.stringValue.flatMap { known[$0] } })
                where !columns.contains(column) {
                    columns.append(column)
                }
            }
        }
        return (bucket.map { [$0] } ?? []) + columns.map { .column($0) }
    }
}
