package import OrderedCollections

/// What a resolver found for a field, before it is completed by the field's type and selection.
package enum ResolvedValue: Sendable {
    case null
    /// For scalars and enums.
    case leaf(JSONValue)
    case list([ResolvedValue])
    case object(any ObjectValue)

    package static func string(_ text: String?) -> ResolvedValue {
        text.map { .leaf(.string($0)) } ?? .null
    }

    package static func bool(_ value: Bool) -> ResolvedValue {
        .leaf(.bool(value))
    }
}

/// A value of an object type that answers its fields when asked.
package protocol ObjectValue: Sendable {
    /// The name of its object type.
    var typeName: String { get }

    /// - Parameter arguments: coerced; what was not given and has no default is absent.
    /// - Throws: the field's error; locations and path are filled in by who asks.
    func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue
}

/// An object whose fields have been computed beforehand, by field name. Absent members are null.
///
/// Objects inside it are told apart by the type of their field; one in a place of an interface or union type must carry
/// a member `__typename`.
package struct ObjectFromJSON: ObjectValue {
    package let typeName: String
    private let members: OrderedDictionary<String, JSONValue>
    private let schema: Schema

    package init(typeName: String, members: OrderedDictionary<String, JSONValue>, schema: Schema) {
        self.typeName = typeName
        self.members = members
        self.schema = schema
    }

    package func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue {
        resolved(members[field.name] ?? .null, field.type)
    }

    private func resolved(_ json: JSONValue, _ type: TypeReference) -> ResolvedValue {
        if case .null = json { return .null }
        if let itemType = type.itemType {
            // No list where one belongs is told on completion.
            guard case .array(let items) = json else { return .leaf(json) }
            return .list(items.map { resolved($0, itemType) })
        }
        guard case .object(let members) = json, schema.type(named: type.namedType)?.isComposite == true else {
            return .leaf(json)
        }
        let name = members["__typename"]?.stringValue ?? type.namedType
        return .object(ObjectFromJSON(typeName: name, members: members, schema: schema))
    }
}
