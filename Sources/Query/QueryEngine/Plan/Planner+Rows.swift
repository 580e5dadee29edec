import GraphQL
import OrderedCollections

/// Objects that are made of rows, down the tree.
extension Planner {
    mutating func rowObject(_ fields: [Field], type: String) throws(Refusal) -> (RowObject, Cost) {
        guard let table = catalog.tables[type] else {
            throw Refusal(GraphQLError("\(type) has no table.", code: .internal))
        }
        var members: [Member] = []
        let costs = try self.members(fields, type: type, into: &members)
        return (RowObject(table: table, members: members), .sum([.fixed(1)] + costs))
    }

    /// The selected fields of a type, merged over all occurrences of the parent field.
    mutating func members(_ fields: [Field], type: String, into members: inout [Member]) throws(Refusal) -> [Cost] {
        var costs: [Cost] = []
        for (key, occurrences) in try collect(fields.compactMap(\.selectionSet), on: type) {
            guard let field = occurrences.first else { continue }
            guard field.name != "__typename" else {
                members.append(Member(key: key, value: .typename(type)))
                continue
            }
            guard let definition = schema.type(named: type)?.fields?[field.name] else { continue }
            let (value, cost) = try memberValue(occurrences, field, definition, of: type)
            members.append(Member(key: key, value: value))
            if let cost { costs.append(cost) }
        }
        return costs
    }

    private mutating func memberValue(
        _ fields: [Field], _ field: Field, _ definition: FieldDefinition, of type: String
    ) throws(Refusal) -> (MemberValue, Cost?) {
        let coordinate = "\(type).\(field.name)"
        switch catalog.binding(type, field.name) {
        case .column(let name, let form): return (.column(name, form), nil)
        case .money(let micros, let currency):
            var parts: [(key: String, part: MoneyPart)] = []
            for (key, occurrences) in try collect(fields.compactMap(\.selectionSet), on: definition.type.namedType) {
                switch occurrences.first?.name {
                case "amount": parts.append((key, .amount))
                case "currency": parts.append((key, .currency))
                default: parts.append((key, .typename(definition.type.namedType)))
                }
            }
            return (.money(micros: micros, currency: currency, parts), nil)
        case .embedded:
            var members: [Member] = []
            let costs = try self.members(fields, type: definition.type.namedType, into: &members)
            return (.embedded(members), .sum(costs))
        case .one(let key):
            let (object, cost) = try rowObject(fields, type: definition.type.namedType)
            return (.one(key: key, object), cost)
        case .many(let many):
            let (read, cost) = try manyRead(many, fields, field, definition, coordinate)
            switch read {
            case .connection(let connection): return (.connection(connection), cost)
            case .list(let list): return (.list(list), cost)
            case .rows, .aggregate: break
            }
        case .aggregate(let aggregate):
            let (read, cost) = try aggregateRead(aggregate, fields, field, definition, coordinate)
            return (.aggregate(read), cost)
        default: break
        }
        throw Refusal(GraphQLError("\(coordinate) has no binding.", code: .internal, locations: [field.location]))
    }

    mutating func manyRead(
        _ many: ManyBinding, _ fields: [Field], _ field: Field, _ definition: FieldDefinition, _ coordinate: String
    ) throws(Refusal) -> (TableRead, Cost) {
        if let connection = catalog.connections[definition.type.namedType] {
            let (read, cost) = try connectionRead(many, connection, fields, field, definition, coordinate)
            return (.connection(read), cost)
        }
        let (object, cost) = try rowObject(fields, type: definition.type.namedType)
        let list = ListRead(
            coordinate: coordinate, key: many.key,
            order: OrderBinding(column: many.orderBy, direction: many.direction), object: object)
        return (.list(list), .page(.constant(configuration.assumedListSize), cost))
    }
}
