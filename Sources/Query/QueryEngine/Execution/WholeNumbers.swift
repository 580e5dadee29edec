import GraphQL
import OrderedCollections

/// Looks through an answer whose whole numbers are as wide as the database has them, for those that `Int` does not hold
/// (specification, section 3.5.1): each is an error at its field, with its path, and null there; where null may not be, it
/// goes on to the parent (section 6.4.4).
///
/// PostgreSQL has refused the usual statement before, so this is about an answer that hardly anybody ever sees. Only here
/// is JSON of the database read.
struct WholeNumbers {
    private let schema: Schema
    private let operation: PreparedOperation
    private let variables: CoercedVariables
    private(set) var errors: [GraphQLError] = []

    /// Fields nest less deep than this; columns of type JSON may not.
    private static let depthLimit = 512

    init(schema: Schema, operation: PreparedOperation, variables: CoercedVariables) {
        self.schema = schema
        self.operation = operation
        self.variables = variables
    }

    /// - Returns: `nil` where a null must go on to `data`.
    mutating func complete(_ bytes: [UInt8], _ root: RootPlan) throws(JSONError) -> JSONValue? {
        var value = try JSONValue(parsing: bytes, depthLimit: Self.depthLimit)
        var possible: String?
        if case .table(.rows(let rows)) = root.source {
            possible = rows.first?.object.table.typeName
            // Of several types, the one that found a row stands before it.
            if rows.count > 1, let found = value.objectValue?.elements.first {
                (possible, value) = (found.key, found.value)
            }
        }
        let fields = collect([operation.operation.selectionSet], on: schema.queryType.name)[root.key] ?? []
        return complete(value, fields, root.type, possible, [.key(root.key)])
    }

    // MARK: By type

    /// - Parameter possible: the type of the object, where that of the field is an interface or union.
    private mutating func complete(
        _ value: JSONValue, _ fields: [Field], _ type: TypeReference, _ possible: String?, _ path: [PathElement]
    ) -> JSONValue? {
        if let completed = fitting(value, fields, type.nullable, possible, path) { return completed }
        return type.isNonNull ? nil : .null
    }

    /// `nil` where it does not fit; the reason has been noted.
    private mutating func fitting(
        _ value: JSONValue, _ fields: [Field], _ type: TypeReference, _ possible: String?, _ path: [PathElement]
    ) -> JSONValue? {
        switch value {
        case .array(let items):
            guard let itemType = type.itemType else { return value }
            var completed: [JSONValue] = []
            completed.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                guard let item = complete(item, fields, itemType, possible, path + [.index(index)]) else { return nil }
                completed.append(item)
            }
            return .array(completed)
        case .object(let members):
            let name = possible ?? type.namedType
            guard case .object(let object)? = schema.type(named: name) else { return value }
            return complete(members, of: object, fields.compactMap(\.selectionSet), path)
        case .int, .number:
            guard type.namedType == "Int", !fits(value) else { return value }
            errors.append(
                GraphQLError(
                    "A whole number does not fit GraphQL's 32 bits.", code: .intOutOfRange,
                    locations: fields.prefix(1).map(\.location), path: path))
            return nil
        case .null, .bool, .string: return value
        }
    }

    private func fits(_ value: JSONValue) -> Bool {
        if case .int(let number) = value { Int32(exactly: number) != nil } else { false }
    }

    private mutating func complete(
        _ members: OrderedDictionary<String, JSONValue>, of object: ObjectType, _ sets: [SelectionSet],
        _ path: [PathElement]
    ) -> JSONValue? {
        let collected = collect(sets, on: object.name)
        var members = members
        for (key, value) in members {
            guard let fields = collected[key], let field = fields.first, let definition = object.fields[field.name]
            else { continue }
            guard let completed = complete(value, fields, definition.type, nil, path + [.key(key)]) else { return nil }
            members[key] = completed
        }
        return .object(members)
    }

    private func collect(_ sets: [SelectionSet], on type: String) -> OrderedDictionary<String, [Field]> {
        let variables = variables
        return collectFields(sets, on: type, schema: schema, fragments: operation.fragments) {
            variables[$0]?.boolValue ?? false
        }
    }
}
