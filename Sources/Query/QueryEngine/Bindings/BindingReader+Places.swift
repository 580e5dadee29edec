import GraphQL
import OrderedCollections

/// Whether each binding stands where it can be answered.
extension BindingReader {
    mutating func checkPlaces() {
        checkRoot(schema.queryType)
        if let mutation = schema.mutationType { checkRoot(mutation) }
        if let subscription = schema.subscriptionType { checkRoot(subscription) }
        for (typeName, bindings) in fields.sorted(by: { $0.key < $1.key }) where !isRoot(typeName) {
            for (name, binding) in bindings.sorted(by: { $0.key < $1.key }) {
                guard let field = schema.type(named: typeName)?.fields?[name] else { continue }
                checkInner(binding, field, in: typeName, "\(typeName).\(name)")
            }
        }
    }

    func isRoot(_ typeName: String) -> Bool {
        typeName == schema.queryType.name || typeName == schema.mutationType?.name
            || typeName == schema.subscriptionType?.name
    }

    private mutating func checkRoot(_ root: ObjectType) {
        for (name, field) in root.fields {
            let coordinate = "\(root.name).\(name)"
            guard let binding = fields[root.name]?[name] else {
                errors.append("\(coordinate): a root field needs a binding that says what answers it.")
                continue
            }
            if fieldAccess[root.name]?[name] == nil {
                errors.append("\(coordinate): a root field needs @access.")
            }
            switch (root.name, binding) {
            case (schema.queryType.name, .many(let many)):
                if many.key != nil { errors.append("\(coordinate): @many at the root has no key.") }
                checkMany(many, field, scope: .tenant, coordinate)
            case (schema.queryType.name, .aggregate(let aggregate)):
                if aggregate.key != nil { errors.append("\(coordinate): @aggregate at the root has no key.") }
                checkAggregate(aggregate, field, scope: .tenant, coordinate)
            case (schema.queryType.name, .byID): checkByID(field, coordinate)
            case (schema.queryType.name, .tenant): requireTable(field, scope: .tenant, coordinate)
            case (schema.queryType.name, .namespace(let scope)): checkNamespace(field, scope, coordinate)
            case (schema.queryType.name, .resolver): checkResolved(field.type.namedType, coordinate)
            case (schema.mutationType?.name, .command): checkPayload(field, coordinate)
            case (schema.subscriptionType?.name, .feed):
                requireTable(field, scope: .tenant, coordinate)
                if field.type.isList { errors.append("\(coordinate): a feed gives one row at a time.") }
            default: errors.append("\(coordinate): this binding cannot stand on a field of \(root.name).")
            }
        }
    }

    private mutating func checkInner(
        _ binding: FieldBinding, _ field: FieldDefinition, in typeName: String, _ coordinate: String
    ) {
        if let scope = namespaceScope(of: typeName) {
            switch binding {
            case .many(let many) where many.key == nil: return checkMany(many, field, scope: scope, coordinate)
            case .aggregate(let aggregate) where aggregate.key == nil:
                return checkAggregate(aggregate, field, scope: scope, coordinate)
            default:
                errors.append("\(coordinate): a namespace holds @many and @aggregate without a key.")
                return
            }
        }
        if aggregateTypes.contains(typeName) { return }
        let table = tables[typeName] ?? embeddingTable(of: typeName)
        guard let table else {
            errors.append("\(coordinate): \(typeName) has no @table, so this binding has no row to stand on.")
            return
        }
        switch binding {
        case .column: break
        case .money:
            if schema.type(named: field.type.namedType)?.fields.map({ Set($0.keys) }) != ["amount", "currency"] {
                errors.append("\(coordinate): @money answers a type with the fields amount and currency.")
            }
        case .embedded:
            if !field.type.isNonNull || tables[field.type.namedType] != nil || field.type.isList {
                errors.append("\(coordinate): @embedded is for one object, never null, whose type has no @table.")
            }
        case .one:
            requireTable(field, scope: table.scope, coordinate)
            if field.type.isList { errors.append("\(coordinate): @one answers one object.") }
        case .many(let many):
            if many.key == nil { errors.append("\(coordinate): @many below a type needs a key.") }
            checkMany(many, field, scope: table.scope, coordinate)
        case .aggregate(let aggregate):
            if aggregate.key == nil { errors.append("\(coordinate): @aggregate below a type needs a key.") }
            checkAggregate(aggregate, field, scope: table.scope, coordinate)
        case .measure, .group:
            errors.append("\(coordinate): this binding stands in aggregates only.")
        case .byID, .tenant, .namespace, .resolver, .command, .feed:
            errors.append("\(coordinate): this binding stands on root fields only.")
        }
    }

    /// Types whose fields are numbers over rows; `checkAggregate` looks at them where they are asked for.
    private var aggregateTypes: Set<String> {
        Set(
            fields.values.flatMap { bindings in
                bindings.values.compactMap {
                    if case .aggregate(let aggregate) = $0 { aggregate.table.typeName } else { nil }
                }
            })
    }

    private mutating func checkMany(
        _ many: ManyBinding, _ field: FieldDefinition, scope: Scope, _ coordinate: String
    ) {
        guard let connection = connections[field.type.namedType] else {
            if !field.type.isList { errors.append("\(coordinate): @many answers a Relay connection or a list.") }
            return requireTable(field, scope: scope, coordinate)
        }
        guard let table = tables[connection.nodeType], table.scope == scope else {
            errors.append("\(coordinate): \(connection.nodeType) has no @table of this scope.")
            return
        }
        for argument in ["first", "after", "last", "before"] where field.arguments[argument] == nil {
            errors.append("\(coordinate): a connection takes first, after, last and before; \(argument) is missing.")
        }
        if case .column("id", .id)? = fields[table.typeName]?["id"] {
        } else {
            errors.append("\(coordinate): \(table.typeName) needs a field id of type ID, since cursors hold it.")
        }
        checkOrder(many.orderBy, table, coordinate)
        for (name, argument) in field.arguments where !["first", "after", "last", "before"].contains(name) {
            let type = argument.type.namedType
            if let values = orders[type], case .enumeration(let enumeration)? = schema.type(named: type) {
                for value in enumeration.values.keys {
                    guard let order = values[value] else {
                        errors.append("\(type).\(value): needs @order.")
                        continue
                    }
                    checkOrder(order.column, table, "\(type).\(value)")
                }
            } else if filters[type] == nil, argument.directives.first(named: "where") == nil {
                errors.append(
                    "\(coordinate)(\(name):): is neither paging, nor a filter (@where), nor an order (@order).")
            }
        }
    }

    /// A cursor holds the order column's value, so its type must be known, and it must never be null.
    private mutating func checkOrder(_ column: String, _ table: TableBinding, _ coordinate: String) {
        guard column != "id" else { return }
        let type = schema.type(named: table.typeName)
        let ordered = fields[table.typeName]?.first { _, binding in
            if case .column(column, _) = binding { true } else { false }
        }
        guard let ordered, let field = type?.fields?[ordered.key], field.type.isNonNull else {
            errors.append(
                "\(coordinate): a connection of \(table.typeName) cannot be ordered by \(column), "
                    + "since no field of it that is never null is bound to that column.")
            return
        }
    }

    private mutating func checkByID(_ field: FieldDefinition, _ coordinate: String) {
        if field.type.isNonNull {
            errors.append("\(coordinate): @byId may find nothing, so the field must be nullable.")
        }
        let possible = schema.possibleTypes(of: field.type.namedType)
        if possible.isEmpty {
            errors.append("\(coordinate): @byId answers an object, or an interface that objects implement.")
        }
        for type in possible where tables[type]?.scope != .tenant {
            errors.append(
                "\(coordinate): \(type) has no @table of the tenants' scope, so its rows cannot be found by ID.")
        }
    }

    private mutating func requireTable(_ field: FieldDefinition, scope: Scope, _ coordinate: String) {
        if tables[field.type.namedType]?.scope != scope {
            errors.append("\(coordinate): \(field.type.namedType) has no @table of this scope.")
        }
    }

    private mutating func checkNamespace(_ field: FieldDefinition, _ scope: Scope, _ coordinate: String) {
        guard case .object(let object)? = schema.type(named: field.type.namedType), field.type.isNonNull else {
            errors.append("\(coordinate): a namespace is an object and never null.")
            return
        }
        if scope != .platform { errors.append("\(coordinate): only the platform's scope has a namespace.") }
        for name in object.fields.keys where fields[object.name]?[name] == nil {
            errors.append("\(object.name).\(name): a field of a namespace needs a binding.")
        }
    }

    private func namespaceScope(of typeName: String) -> Scope? {
        for (name, binding) in fields[schema.queryType.name] ?? [:] {
            if case .namespace(let scope) = binding,
                schema.queryType.fields[name]?.type.namedType == typeName
            {
                return scope
            }
        }
        return nil
    }

    /// What Swift answers holds nothing that a table could answer.
    private mutating func checkResolved(_ typeName: String, _ coordinate: String) {
        var seen: Set<String> = []
        var open = [typeName]
        while let name = open.popLast() {
            guard seen.insert(name).inserted else { continue }
            if tables[name] != nil || fields[name] != nil {
                errors.append("\(coordinate): is answered by Swift, but reaches \(name), which a table answers.")
            }
            guard let type = schema.type(named: name) else { continue }
            open += type.fields?.values.map(\.type.namedType) ?? []
            if type.isAbstract { open += schema.possibleTypes(of: name) }
        }
    }

    private mutating func checkPayload(_ field: FieldDefinition, _ coordinate: String) {
        guard case .object(let payload)? = schema.type(named: field.type.namedType), tables[payload.name] == nil else {
            errors.append("\(coordinate): a command answers with a payload object.")
            return
        }
        for (name, part) in payload.fields {
            let partCoordinate = "\(payload.name).\(name)"
            if name == "userErrors" {
                if !part.type.isList { errors.append("\(partCoordinate): is a list.") }
                continue
            }
            if part.type.isNonNull {
                errors.append("\(partCoordinate): must be nullable, since a refused command has nothing to give.")
            }
            if let table = tables[part.type.namedType] {
                if table.scope != .tenant || part.type.isList {
                    errors.append("\(partCoordinate): a payload holds single rows of the tenant.")
                }
            } else {
                checkResolved(part.type.namedType, partCoordinate)
            }
        }
    }
}
