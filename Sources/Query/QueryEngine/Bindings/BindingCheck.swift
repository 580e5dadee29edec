package import GraphQL
import OrderedCollections
package import Postgres

extension BindingCatalog {
    /// The tables and views that answer types.
    package var tableNames: Set<String> {
        Set(tables.values.map(\.name)).union(aggregates.map(\.table.name))
    }

    private var aggregates: [AggregateBinding] {
        fields.values.flatMap { bindings in
            bindings.values.compactMap { if case .aggregate(let aggregate) = $0 { aggregate } else { nil } }
        }
    }

    /// Compares with the migrated database: every bound table and column exists, its type fits, the role that will ask may
    /// read it, and nothing that may be null answers a non-null field. One query.
    package func check(schema: Schema, against database: Database) async throws {
        let columns = try await DatabaseColumns.read(of: tableNames, from: database)
        try check(schema: schema, against: columns)
    }

    package func check(schema: Schema, against columns: DatabaseColumns) throws(BindingErrors) {
        var check = BindingCheck(schema: schema, catalog: self, columns: columns)
        check.run()
        guard check.errors.isEmpty else { throw BindingErrors(errors: check.errors) }
    }
}

/// Walks the bindings beside the database's columns, and collects everything that does not fit.
struct BindingCheck {
    let schema: Schema
    let catalog: BindingCatalog
    let columns: DatabaseColumns
    private(set) var errors: [String] = []

    init(schema: Schema, catalog: BindingCatalog, columns: DatabaseColumns) {
        self.schema = schema
        self.catalog = catalog
        self.columns = columns
    }

    mutating func run() {
        for table in catalog.tables.values.sorted(by: { $0.typeName < $1.typeName }) {
            guard columns.tables[table.name] != nil else {
                errors.append("\(table.typeName): the database has no table or view “\(table.name)”.")
                continue
            }
            expect(table, "id", ["uuid", "bigint", "integer"], isNonNull: false, at: table.typeName)
            if table.scope == .tenant {
                expect(table, table.tenantColumn, ["uuid"], isNonNull: false, at: table.typeName)
            }
            checkFields(of: table.typeName, in: table)
            checkWholeRows(table)
        }
        for (typeName, bindings) in catalog.fields.sorted(by: { $0.key < $1.key }) {
            for (name, binding) in bindings.sorted(by: { $0.key < $1.key }) {
                guard let field = schema.type(named: typeName)?.fields?[name] else { continue }
                checkRows(binding, field, "\(typeName).\(name)")
            }
        }
    }

    /// A page is a sub-select of whole rows, which PostgreSQL refuses to a role that may not read one of the columns.
    private mutating func checkWholeRows(_ table: TableBinding) {
        let role: DatabaseRole = table.scope == .tenant ? .tenant : .platform
        for (name, column) in (columns.tables[table.name] ?? [:]).sorted(by: { $0.key < $1.key })
        where !column.readable.contains(table.scope) {
            note(
                "\(table.typeName): the role \(role.rawValue) may not read \(table.name).\(name), and pages read whole "
                    + "rows: bind a view without it.")
        }
    }

    // MARK: Fields of a row

    private mutating func checkFields(of typeName: String, in table: TableBinding) {
        for (name, field) in schema.type(named: typeName)?.fields ?? [:] {
            let coordinate = "\(typeName).\(name)"
            switch catalog.binding(typeName, name) {
            case .column(let column, _):
                expect(
                    table, column, Self.columnTypes(of: field.type, in: schema), isNonNull: field.type.isNonNull,
                    at: coordinate)
            case .money(let micros, let currency):
                expect(table, micros, ["bigint"], isNonNull: field.type.isNonNull, at: coordinate)
                expect(table, currency, Self.texts, isNonNull: field.type.isNonNull, at: coordinate)
            case .embedded: checkFields(of: field.type.namedType, in: table)
            case .one(let key): expect(table, key, ["uuid"], isNonNull: field.type.isNonNull, at: coordinate)
            default: break
            }
        }
    }

    private static let texts: Set = ["text", "character varying", "character"]

    /// PostgreSQL does not say whether an array's elements may be null: a CHECK must see to it where they may not.
    private static func columnTypes(of type: TypeReference, in schema: Schema) -> Set<String> {
        type.isList ? ["text[]"] : columnTypes(of: type.namedType, in: schema)
    }

    static func columnTypes(of type: String, in schema: Schema) -> Set<String> {
        switch type {
        case "ID": return ["uuid"]
        case "Int": return ["smallint", "integer", "bigint"]
        case "Boolean": return ["boolean"]
        case "Float": return ["real", "double precision", "numeric"]
        case "DateTime": return ["timestamp with time zone"]
        case "JSON": return ["json", "jsonb"]
        // A uuid prints as text.
        case "String": return texts.union(["uuid"])
        default: return texts
        }
    }

    // MARK: Rows asked for

    private mutating func checkRows(_ binding: FieldBinding, _ field: FieldDefinition, _ coordinate: String) {
        if case .aggregate(let aggregate) = binding { return checkAggregate(aggregate, field, coordinate) }
        let rowType = catalog.connections[field.type.namedType]?.nodeType ?? field.type.namedType
        guard let table = catalog.tables[rowType], columns.tables[table.name] != nil else { return }
        switch binding {
        case .many(let many):
            if let key = many.key { expect(table, key, ["uuid"], isNonNull: false, at: coordinate) }
            let isPaged = catalog.connections[field.type.namedType] != nil
            expect(table, many.orderBy, nil, isNonNull: isPaged, at: coordinate)
            for argument in field.arguments.values {
                for (value, order) in (catalog.orders[argument.type.namedType] ?? [:]).sorted(by: { $0.key < $1.key }) {
                    expect(table, order.column, nil, isNonNull: isPaged, at: "\(argument.type.namedType).\(value)")
                }
            }
        case .feed: break
        default: return
        }
        checkConditions(table, field, coordinate)
    }

    private mutating func checkConditions(_ table: TableBinding, _ field: FieldDefinition, _ coordinate: String) {
        for argument in field.arguments.values {
            for case .condition(let filter) in catalog.filters[argument.type.namedType] ?? [] {
                expect(filter, of: table, at: "\(argument.type.namedType).\(filter.inputField)")
            }
        }
        for condition in catalog.argumentConditions[coordinate] ?? [] {
            expect(condition, of: table, at: "\(coordinate)(\(condition.inputField):)")
        }
    }

    private mutating func expect(_ filter: WhereBinding, of table: TableBinding, at coordinate: String) {
        let types: Set<String> =
            switch filter.kind {
            case .text where filter.comparison == .has: ["text[]"]
            case .text: Self.texts
            case .int: ["smallint", "integer", "bigint"]
            case .bool: ["boolean"]
            case .timestamp: ["timestamp with time zone"]
            case .id: ["uuid"]
            }
        expect(table, filter.column, types, isNonNull: false, at: coordinate)
    }

    private mutating func checkAggregate(
        _ aggregate: AggregateBinding, _ field: FieldDefinition, _ coordinate: String
    ) {
        let table = aggregate.table
        guard columns.tables[table.name] != nil else {
            return note("\(coordinate): the database has no table or view “\(table.name)”.")
        }
        if table.scope == .tenant { expect(table, table.tenantColumn, ["uuid"], isNonNull: false, at: coordinate) }
        if let key = aggregate.key { expect(table, key, ["uuid"], isNonNull: false, at: coordinate) }
        if let bucket = aggregate.bucket {
            expect(table, bucket, ["timestamp with time zone"], isNonNull: true, at: coordinate)
        }
        checkConditions(table, field, coordinate)
        for argument in field.arguments.values {
            for (value, column) in (catalog.groups[argument.type.namedType] ?? [:]).sorted(by: { $0.key < $1.key }) {
                expect(table, column, nil, isNonNull: false, at: "\(argument.type.namedType).\(value)")
            }
        }
        for (name, part) in schema.type(named: table.typeName)?.fields ?? [:] {
            let types = Self.columnTypes(of: part.type.namedType, in: schema)
            let place = "\(table.typeName).\(name)"
            switch catalog.binding(table.typeName, name) {
            case .group(let column, _): expect(table, column, types, isNonNull: false, at: place)
            case .measure(let measure):
                if let column = measure.column { expect(table, column, types, isNonNull: false, at: place) }
                if let only = measure.only { expect(table, only.column, Self.texts, isNonNull: false, at: place) }
            default: break
            }
        }
    }

    // MARK: One column

    private mutating func expect(
        _ table: TableBinding, _ name: String, _ types: Set<String>?, isNonNull: Bool, at coordinate: String
    ) {
        let place = "\(table.name).\(name)"
        guard let column = columns.tables[table.name]?[name] else {
            return note("\(coordinate): the database has no column \(place).")
        }
        if let types, !types.contains(column.type) {
            let expected = types.sorted().joined(separator: " or ")
            note("\(coordinate): \(place) is of type \(column.type), where \(expected) is needed.")
        }
        if isNonNull, !column.isNotNull, !column.isView {
            note("\(coordinate): is never null by the schema, but \(place) may be null.")
        }
        if !column.readable.contains(table.scope) {
            let role: DatabaseRole = table.scope == .tenant ? .tenant : .platform
            note("\(coordinate): the role \(role.rawValue) may not read \(place).")
        }
    }

    private mutating func note(_ error: String) {
        if !errors.contains(error) { errors.append(error) }
    }
}
