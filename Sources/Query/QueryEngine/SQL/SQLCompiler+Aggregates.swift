/// Numbers over rows. The groups are made in a sub-select, and above it the objects, so that whatever form an object takes,
/// no aggregate function stands in a sub-select of its own.
extension SQLCompiler {
    mutating func aggregate(_ read: AggregateRead, parent: String?) -> String {
        let (table, grouped) = (writer.alias(), writer.alias())
        var columns: [String] = []
        var groups: [String] = []
        var order: [String] = []
        for (place, group) in read.groups.enumerated() {
            let expression: String
            switch group {
            case .column(let column): expression = "\(table).\(column)"
            case .bucket(let column, let unit, let zone):
                expression = "date_trunc('\(unit.sqlName)', \(table).\(column), \(writer.bind(zone))::text)"
            }
            columns.append("\(expression) AS g\(place)")
            groups.append("\(place + 1)")
            order.append("\(grouped).g\(place)")
        }
        var pairs: [(key: String, expression: String)] = []
        for (place, member) in read.members.enumerated() {
            switch member.value {
            case .typename(let name): pairs.append((member.key, SQLWriter.text(name)))
            case .group(let group, let form):
                pairs.append((member.key, column("\(grouped).g\(group)", form)))
            case .ungrouped: pairs.append((member.key, "NULL::text"))
            case .measure(let measure):
                columns.append("\(self.measure(measure, table)) AS m\(place)")
                pairs.append((member.key, column("\(grouped).m\(place)", measure.form)))
            }
        }
        let conditions =
            tenantCondition(read.table, table) + keyCondition(read.key, table, parent)
            + read.conditions.map { predicate($0, table) }
        // A group without a number is still a group.
        if columns.isEmpty { columns.append("count(*) AS m") }
        var source = "(SELECT \(columns.joined(separator: ", ")) FROM \(from(read.table, table, conditions))"
        if !groups.isEmpty { source += " GROUP BY \(groups.joined(separator: ", "))" }
        source += ") \(grouped)"
        let object = ObjectSQL(pairs)
        guard read.isList else { return object.single(from: source) }
        if !order.isEmpty { source += " ORDER BY \(order.joined(separator: ", "))" }
        return object.list(from: source)
    }

    private mutating func measure(_ measure: MeasureBinding, _ table: String) -> String {
        let column = measure.column.map { "\(table).\($0)" } ?? "*"
        let filter =
            measure.only.map { only in
                " FILTER (WHERE \(table).\(only.column) = ANY (\(writer.bind(.texts(only.values)))))"
            } ?? ""
        let value = "\(measure.function.rawValue.lowercased())(\(column))\(filter)"
        return measure.function == .sum ? "coalesce(\(value), 0)" : value
    }
}
