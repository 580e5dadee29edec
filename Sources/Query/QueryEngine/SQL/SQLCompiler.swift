import Postgres

/// Writes the SQL of reads. One compiler makes one statement.
struct SQLCompiler {
    var writer: SQLWriter

    init(options: SQLOptions) {
        writer = SQLWriter(options: options)
    }

    /// All reads as one statement, each a column.
    static func statement(for reads: [TableRead], options: SQLOptions) -> CompiledStatement {
        var compiler = SQLCompiler(options: options)
        let columns = reads.map { compiler.expression($0) }
        return compiler.statement(columns)
    }

    /// Namespaces of the platform's scope as one statement.
    static func statement(for namespaces: [[Member]], options: SQLOptions) -> CompiledStatement {
        var compiler = SQLCompiler(options: options)
        let columns = namespaces.map { members in
            ObjectSQL(members.map { ($0.key, compiler.value($0.value, of: "")) }).inPlace
        }
        return compiler.statement(columns)
    }

    /// Changed rows: a row for each, with its id and its object.
    static func statement(forChanged read: RowRead, options: SQLOptions) -> CompiledStatement {
        var compiler = SQLCompiler(options: options)
        let table = compiler.writer.alias()
        let conditions =
            compiler.tenantCondition(read.object.table, table)
            + ["\(table).id = ANY (\(compiler.writer.bind(.subjects)))"]
            + read.conditions.map { compiler.predicate($0, table) }
        let object = compiler.object(read.object, table).inPlace
        let source = compiler.from(read.object.table, table, conditions)
        return CompiledStatement(
            statement: Statement(compiled: "SELECT \(table).id,\n       \(object)\nFROM \(source)"),
            parameters: compiler.writer.parameters)
    }

    /// The nodes or edges of an export, a row for each.
    static func statement(forExport read: ConnectionRead, options: SQLOptions) -> CompiledStatement {
        var compiler = SQLCompiler(options: options)
        let text = compiler.rows(of: read)
        return CompiledStatement(statement: Statement(compiled: text), parameters: compiler.writer.parameters)
    }

    private func statement(_ columns: [String]) -> CompiledStatement {
        let list = columns.enumerated().map { "\($0.element) AS f\($0.offset)" }.joined(separator: ",\n       ")
        return CompiledStatement(
            statement: Statement(compiled: "SELECT \(list)"), parameters: writer.parameters)
    }

    private mutating func expression(_ read: TableRead) -> String {
        switch read {
        case .connection(let connection): return self.connection(connection, parent: nil)
        case .list(let list): return self.list(list, parent: nil)
        case .aggregate(let aggregate): return self.aggregate(aggregate, parent: nil)
        case .rows(let rows):
            var alternatives = rows.map { row($0) }
            if !writer.options.narrowsIntegers, rows.count > 1 {
                // Who looks at the numbers must know of which type they are.
                alternatives = zip(rows, alternatives).map { row, alternative in
                    let type = SQLWriter.text(row.object.table.typeName)
                    return
                        "(SELECT json_build_object(\(type), w.o) FROM (SELECT \(alternative) AS o) w WHERE w.o IS NOT NULL)"
                }
            }
            switch alternatives.count {
            case 0: return "NULL::json"
            case 1: return alternatives[0]
            default: return "coalesce(\(alternatives.joined(separator: ",\n         ")))"
            }
        }
    }

    private mutating func row(_ read: RowRead) -> String {
        let table = writer.alias()
        let conditions =
            tenantCondition(read.object.table, table) + read.conditions.map { predicate($0, table) }
        return object(read.object, table).single(from: from(read.object.table, table, conditions))
    }

    // MARK: Objects

    mutating func object(_ object: RowObject, _ table: String) -> ObjectSQL {
        ObjectSQL(object.members.map { ($0.key, value($0.value, of: table)) })
    }

    private mutating func value(_ value: MemberValue, of table: String) -> String {
        switch value {
        case .typename(let name): return SQLWriter.text(name)
        case .column(let name, let form): return column("\(table).\(name)", form)
        case .money(let micros, let currency, let parts):
            let (micros, currency) = ("\(table).\(micros)", "\(table).\(currency)")
            let object = ObjectSQL(parts.map { ($0.key, Self.money($0.part, micros: micros, currency: currency)) })
            return "CASE WHEN \(micros) IS NOT NULL AND \(currency) IS NOT NULL THEN \(object.inPlace) END"
        case .embedded(let members): return ObjectSQL(members.map { ($0.key, self.value($0.value, of: table)) }).inPlace
        case .one(let key, let object):
            let other = writer.alias()
            let conditions = tenantCondition(object.table, other) + ["\(other).id = \(table).\(key)"]
            return self.object(object, other).single(from: from(object.table, other, conditions))
        case .connection(let read): return connection(read, parent: read.key.map { _ in table })
        case .list(let read): return list(read, parent: read.key.map { _ in table })
        case .aggregate(let read): return aggregate(read, parent: read.key.map { _ in table })
        }
    }

    func column(_ column: String, _ form: ColumnForm) -> String {
        switch form {
        case .plain: column
        case .id(let prefix): "\(SQLWriter.text(prefix + "_")) || encode(uuid_send(\(column)), 'hex')"
        case .int: narrowed(column)
        }
    }

    /// A whole number as GraphQL's `Int`.
    func narrowed(_ number: String) -> String {
        writer.options.narrowsIntegers ? "\(number)::int4" : number
    }

    /// Micros as a decimal number of the currency's units: exact, at least two decimals, no zeros after these.
    private static func money(_ part: MoneyPart, micros: String, currency: String) -> String {
        switch part {
        case .amount:
            let amount = "\(micros) * 0.000001"
            return "round(\(amount), greatest(2, min_scale(\(amount))))::text"
        case .currency: return currency
        case .typename(let name): return SQLWriter.text(name)
        }
    }

    // MARK: Rows

    mutating func list(_ read: ListRead, parent: String?) -> String {
        let table = writer.alias()
        let conditions = tenantCondition(read.object.table, table) + keyCondition(read.key, table, parent)
        let object = self.object(read.object, table)
        let order = Self.orderBy(read.order, table)
        return object.list(from: from(read.object.table, table, conditions) + " ORDER BY \(order)")
    }

    func from(_ binding: TableBinding, _ table: String, _ conditions: [String]) -> String {
        let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return "\(binding.name) \(table)\(condition)"
    }

    mutating func tenantCondition(_ binding: TableBinding, _ table: String) -> [String] {
        guard binding.scope == .tenant, writer.options.writesTenantPredicate else { return [] }
        return ["\(table).\(binding.tenantColumn) = \(writer.bind(.organization))"]
    }

    func keyCondition(_ key: String?, _ table: String, _ parent: String?) -> [String] {
        guard let key, let parent else { return [] }
        return ["\(table).\(key) = \(parent).id"]
    }

    /// Never null, so that `NOT` and `OR` mean what they say.
    mutating func predicate(_ predicate: Predicate, _ table: String) -> String {
        switch predicate {
        case .condition(let condition): return self.condition(condition, table)
        case .all(let parts):
            return parts.isEmpty ? "true" : "(\(parts.map { self.predicate($0, table) }.joined(separator: " AND ")))"
        case .any(let parts):
            return parts.isEmpty ? "false" : "(\(parts.map { self.predicate($0, table) }.joined(separator: " OR ")))"
        case .not(let part): return "(\(self.predicate(part, table))) IS NOT TRUE"
        }
    }

    private mutating func condition(_ condition: Condition, _ table: String) -> String {
        let column = "\(table).\(condition.column)"
        let value = writer.bind(condition.parameter)
        return switch condition.comparison {
        case .equals: "\(column) = \(value)"
        case .isIn: "\(column) = ANY (\(value))"
        case .has: "\(value) = ANY (\(column))"
        case .greaterOrEqual: "\(column) >= \(value)"
        case .less: "\(column) < \(value)"
        // A range, which an index over (org_id, column COLLATE "C") answers: unlike LIKE, these operators leak nothing, so
        // PostgreSQL lets them before the policy. No character of any text comes after U+10FFFF.
        case .startsWith:
            "(\(column) COLLATE \"C\" >= lower(\(value)::text) AND "
                + "\(column) COLLATE \"C\" < lower(\(value)::text) || chr(1114111))"
        case .contains: "strpos(lower(\(column)), lower(\(value)::text)) > 0"
        }
    }

    static func orderBy(_ order: OrderBinding, _ table: String) -> String {
        let direction = order.direction == .descending ? " DESC" : ""
        let columns = order.column == "id" ? ["id"] : [order.column, "id"]
        return columns.map { "\(table).\($0)\(direction)" }.joined(separator: ", ")
    }
}
