import GraphQL
import OrderedCollections

/// Relay connections: which page, in which order, and which parts of it.
extension Planner {
    mutating func connectionRead(
        _ many: ManyBinding, _ connection: ConnectionType, _ fields: [Field], _ field: Field,
        _ definition: FieldDefinition, _ coordinate: String
    ) throws(Refusal) -> (ConnectionRead, Cost) {
        guard let table = catalog.tables[connection.nodeType] else {
            throw Refusal(GraphQLError("\(connection.nodeType) has no table.", code: .internal))
        }
        // A count tells of rows as well.
        guard catalog.allows(role, type: connection.nodeType) else { throw forbidden(field, of: connection.name) }
        let set = try argumentSet(field, definition, coordinate)
        let order = self.order(many, definition, set: set)
        let page = try self.page(set: set, field)
        let cursor = CursorOrder(
            coordinate: coordinate, column: order.column, direction: order.direction,
            kind: order.column == "id" ? nil : keyKind(of: order.column, in: connection.nodeType))
        if page.hasAfter { cursors.append(.cursorID(set: set, argument: "after", cursor)) }
        if page.hasBefore { cursors.append(.cursorID(set: set, argument: "before", cursor)) }
        var parts: [ConnectionPart] = []
        var rowCosts: [Cost] = []
        for (key, occurrences) in try collect(fields.compactMap(\.selectionSet), on: connection.name) {
            guard let part = occurrences.first else { continue }
            let (value, cost) = try connectionPart(occurrences, part, connection)
            parts.append(ConnectionPart(key: key, value: value))
            if let cost { rowCosts.append(cost) }
        }
        let read = ConnectionRead(
            coordinate: coordinate, key: many.key, table: table, order: order, cursor: cursor, page: page,
            conditions: try conditions(definition, set: set, field, coordinate), parts: parts)
        // Of an export, no more than a page is ever held.
        let size = page.isExport ? .constant(configuration.maximumPageSize) : page.size
        return (read, .page(size, rowCosts.isEmpty ? .fixed(0) : .sum(rowCosts)))
    }

    private mutating func connectionPart(
        _ fields: [Field], _ part: Field, _ connection: ConnectionType
    ) throws(Refusal) -> (ConnectionPartValue, Cost?) {
        switch part.name {
        case "nodes":
            let (object, cost) = try rowObject(fields, type: connection.nodeType)
            return (.nodes(object), cost)
        case "edges":
            var parts: [(key: String, part: EdgePart)] = []
            var costs: [Cost] = []
            for (key, occurrences) in try collect(fields.compactMap(\.selectionSet), on: connection.edgeType) {
                switch occurrences.first?.name {
                case "cursor": parts.append((key, .cursor))
                case "node":
                    let (object, cost) = try rowObject(occurrences, type: connection.nodeType)
                    parts.append((key, .node(object)))
                    costs.append(cost)
                default: parts.append((key, .typename(connection.edgeType)))
                }
            }
            return (.edges(parts), .sum([.fixed(1)] + costs))
        case "pageInfo":
            var parts: [(key: String, part: PageInfoPart)] = []
            for (key, occurrences) in try collect(fields.compactMap(\.selectionSet), on: "PageInfo") {
                switch occurrences.first?.name {
                case "hasNextPage": parts.append((key, .hasNextPage))
                case "hasPreviousPage": parts.append((key, .hasPreviousPage))
                case "startCursor": parts.append((key, .startCursor))
                case "endCursor": parts.append((key, .endCursor))
                default: parts.append((key, .typename("PageInfo")))
                }
            }
            return (.pageInfo(parts), .fixed(1))
        case "totalCount": return (.totalCount, nil)
        default: return (.typename(connection.name), nil)
        }
    }

    private func order(_ many: ManyBinding, _ definition: FieldDefinition, set: Int) -> OrderBinding {
        for (name, argument) in definition.arguments {
            if let values = catalog.orders[argument.type.namedType],
                let value = currentArguments[set][name]?.stringValue, let order = values[value]
            {
                return order
            }
        }
        return OrderBinding(column: many.orderBy, direction: many.direction)
    }

    /// How the order column's value comes back in a cursor, told by the field that is bound to it.
    private func keyKind(of column: String, in type: String) -> ValueKind {
        for (name, binding) in catalog.fields[type] ?? [:] {
            guard case .column(column, _) = binding, let field = schema.type(named: type)?.fields?[name] else {
                continue
            }
            switch field.type.namedType {
            case "DateTime": return .timestamp
            case "Int": return .int
            case "Boolean": return .bool
            default: return .text
            }
        }
        return .text
    }

    private func page(set: Int, _ field: Field) throws(Refusal) -> Page {
        func isPresent(_ argument: String) -> Bool {
            currentArguments[set][argument].map { !$0.isNull } ?? false
        }
        let (first, last) = (isPresent("first"), isPresent("last"))
        if first && last {
            throw Refusal(
                GraphQLError(
                    "“\(field.name)” takes either first or last, not both.", code: .badPageSize,
                    locations: [field.location]))
        }
        let size =
            first || last
            ? pageSize(first ? "first" : "last", set: set, field) : .constant(configuration.defaultPageSize)
        return Page(
            argumentSet: set, size: size, isBackward: last, isImplicit: !first && !last, hasAfter: isPresent("after"),
            hasBefore: isPresent("before"),
            isExport: first
                && (currentArguments[set]["first"]?.intValue ?? 0) > Int64(configuration.maximumPageSize))
    }

    private func pageSize(_ argument: String, set: Int, _ field: Field) -> PageSize {
        let value = currentArguments[set][argument]?.intValue ?? 0
        let written = field.arguments.first { $0.name == argument }
        if written?.value.variableName == nil, let size = Int(exactly: value) { return .constant(size) }
        return .argument(set: set, name: argument, atMost: PageSize.step(of: value))
    }
}
