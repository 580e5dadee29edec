import GraphQL
import OrderedCollections

extension BindingReader {
    /// Directives that say what answers a field. At most one of them stands on a field.
    private static let answers: Set = [
        "column", "money", "embedded", "one", "many", "byId", "tenant", "namespace", "resolver", "command", "feed",
        "aggregate", "measure", "group",
    ]

    mutating func readFields(of object: ObjectType) {
        for (name, field) in object.fields {
            let coordinate = "\(object.name).\(name)"
            if let access = field.directives.first(named: "access") {
                fieldAccess[object.name, default: [:]][name] = roles(of: access, at: coordinate)
            }
            readConditions(of: field, coordinate)
            let directives = field.directives.filter { Self.answers.contains($0.name) }
            guard directives.count <= 1 else {
                let names = directives.map { "@" + $0.name }.joined(separator: ", ")
                errors.append("\(coordinate): has several bindings, \(names).")
                continue
            }
            if let directive = directives.first {
                if let binding = binding(directive, field, of: object, coordinate) {
                    fields[object.name, default: [:]][name] = binding
                }
            } else if let table = tables[object.name] ?? embeddingTable(of: object.name) {
                if let binding = column(SQLName.snakeCase(name), field, prefix: nil, table: table, coordinate) {
                    fields[object.name, default: [:]][name] = binding
                }
            }
        }
    }

    private mutating func binding(
        _ directive: Directive, _ field: FieldDefinition, of object: ObjectType, _ coordinate: String
    ) -> FieldBinding? {
        let arguments = DirectiveArguments(directive, in: schema)
        func sqlName(_ argument: String) -> String? {
            arguments.string(argument).flatMap { SQLName.isValid($0) ? $0 : nil }
        }
        switch directive.name {
        case "column":
            if let name = sqlName("name"), let table = tables[object.name] ?? embeddingTable(of: object.name) {
                return column(name, field, prefix: arguments.string("prefix"), table: table, coordinate)
            }
        case "money":
            if let micros = sqlName("micros"), let currency = sqlName("currency") {
                return .money(micros: micros, currency: currency)
            }
        case "embedded": return .embedded
        case "one":
            if let key = sqlName("key") { return .one(key: key) }
        case "many":
            if let orderBy = sqlName("orderBy"),
                let direction = arguments.name("direction").flatMap(Direction.init(rawValue:)),
                arguments.string("key") == nil || sqlName("key") != nil
            {
                return .many(ManyBinding(key: sqlName("key"), orderBy: orderBy, direction: direction))
            }
        case "byId":
            if let argument = arguments.string("argument"), field.arguments[argument] != nil {
                return .byID(argument: argument)
            }
        case "tenant": return .tenant
        case "namespace":
            if let scope = arguments.name("scope").flatMap(Scope.init(rawValue:)) { return .namespace(scope) }
        case "resolver":
            if let name = arguments.string("name") { return .resolver(name: name) }
        case "command":
            if let name = arguments.string("name") { return .command(name: name) }
        case "feed":
            if let kind = arguments.string("kind") { return .feed(kind: kind) }
        case "aggregate":
            if let binding = aggregate(arguments, field) { return .aggregate(binding) }
        case "measure":
            if let binding = measure(arguments, field) { return .measure(binding) }
        case "group":
            if let name = sqlName("column"),
                let form = columnForm(of: field.type.namedType, prefix: arguments.string("prefix"))
            {
                return .group(column: name, form: form)
            }
        default: break
        }
        errors.append(
            "\(coordinate): @\(directive.name) lacks an argument, names what is no plain SQL name, or has no row here.")
        return nil
    }

    private mutating func column(
        _ name: String, _ field: FieldDefinition, prefix: String?, table: TableBinding, _ coordinate: String
    ) -> FieldBinding? {
        let type = field.type.namedType
        guard let named = schema.type(named: type), named.isLeaf else {
            errors.append("\(coordinate): \(field.type) is no scalar or enum, so no column can answer it.")
            return nil
        }
        guard SQLName.isValid(name) else {
            errors.append("\(coordinate): “\(name)” is no plain SQL name ([a-z_][a-z0-9_]*).")
            return nil
        }
        guard let form = columnForm(of: type, prefix: prefix ?? (name == "id" ? table.prefix : nil)) else {
            errors.append("\(coordinate): an ID of another type needs @column with that type's prefix.")
            return nil
        }
        guard !field.type.isList || !Self.notTexts.contains(type) else {
            errors.append("\(coordinate): a column answers a list of texts, and none of \(type).")
            return nil
        }
        return .column(name: name, form: form)
    }

    /// What no element of a text[] can be.
    private static let notTexts: Set = ["ID", "Int", "Float", "Boolean", "DateTime", "JSON"]

    /// `nil` for an ID without a prefix.
    func columnForm(of type: String, prefix: String?) -> ColumnForm? {
        switch type {
        case "ID": prefix.flatMap { SQLName.isValidPrefix($0) ? .id(prefix: $0) : nil }
        case "Int": .int
        default: .plain
        }
    }

    /// The table whose rows hold an embedded type's columns, found at the field that embeds it.
    func embeddingTable(of type: String) -> TableBinding? {
        for table in tables.values.sorted(by: { $0.typeName < $1.typeName }) {
            for field in schema.type(named: table.typeName)?.fields?.values.elements ?? []
            where field.type.namedType == type && field.directives.first(named: "embedded") != nil {
                return table
            }
        }
        return nil
    }
}
