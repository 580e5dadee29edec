package import OrderedCollections

/// A valid type system (specification, section 3), built from SDL texts.
package final class Schema: Sendable {
    package let description: String?
    /// Directives applied to `schema { … }` and its extensions.
    package let appliedDirectives: [Directive]
    package let queryType: ObjectType
    package let mutationType: ObjectType?
    package let subscriptionType: ObjectType?
    /// All types by name: those of the texts in their order, the built-in scalars, then the introspection types.
    package let types: OrderedDictionary<String, NamedType>
    /// All declared directives by name, those of the specification included.
    package let directives: OrderedDictionary<String, DirectiveDefinition>

    /// The same by number.
    let numbers: SchemaNumbers

    private let possibleTypesByName: [String: OrderedSet<String>]

    init(
        description: String?, appliedDirectives: [Directive], queryType: ObjectType, mutationType: ObjectType?,
        subscriptionType: ObjectType?, types: OrderedDictionary<String, NamedType>,
        directives: OrderedDictionary<String, DirectiveDefinition>
    ) {
        self.description = description
        self.appliedDirectives = appliedDirectives
        self.queryType = queryType
        self.mutationType = mutationType
        self.subscriptionType = subscriptionType
        self.types = types
        self.directives = directives
        possibleTypesByName = Self.possibleTypes(of: types)
        numbers = SchemaNumbers(types, queryType: queryType)
        for type in types.values {
            for field in (type.fields ?? [:]).values {
                field.typeIndex = types.index(forKey: field.typeName)
                for argument in field.arguments.values {
                    argument.typeIndex = types.index(forKey: argument.type.namedType)
                }
            }
            guard case .inputObject(let input) = type else { continue }
            for field in input.fields.values { field.typeIndex = types.index(forKey: field.type.namedType) }
        }
    }

    package func type(named name: String) -> NamedType? {
        types[name]
    }

    /// The named type of a field of this schema.
    func type(of field: FieldDefinition) -> NamedType? {
        field.typeIndex.map { numbers.types[$0] } ?? types[field.typeName]
    }

    /// The same of an argument or input field.
    func type(of definition: InputValueDefinition) -> NamedType? {
        definition.typeIndex.map { numbers.types[$0] } ?? types[definition.type.namedType]
    }

    package func rootType(of operation: OperationType) -> ObjectType? {
        switch operation {
        case .query: queryType
        case .mutation: mutationType
        case .subscription: subscriptionType
        }
    }

    /// The object types that a value of this type may have: an object's own, an interface's implementers, a union's
    /// members; none for a type that is not composite.
    package func possibleTypes(of type: String) -> OrderedSet<String> {
        possibleTypesByName[type] ?? []
    }

    /// The field of a composite type, `__typename` on all and `__schema` and `__type` on the query type included.
    package func field(named name: String, of type: NamedType) -> FieldDefinition? {
        if BuiltInDefinitions.isReserved(name) {
            return metaField(named: name, of: type)
        }
        switch type {
        case .object(let type): return type.fields[name]
        case .interface(let type): return type.fields[name]
        default: return nil
        }
    }

    private func metaField(named name: String, of type: NamedType) -> FieldDefinition? {
        guard type.isComposite else { return nil }
        switch name {
        case "__typename": return MetaFields.typename
        case "__schema" where type.name == queryType.name: return MetaFields.schema
        case "__type" where type.name == queryType.name: return MetaFields.type
        default: return type.fields?[name]
        }
    }

    /// Whether a value of the first type is always one of the second: equal, a member, an implementer, non-null for
    /// nullable, and lists item by item (specification, section 3.6.1, `IsValidImplementationFieldType`).
    package func isSubtype(_ type: TypeReference, of other: TypeReference) -> Bool {
        switch (type, other) {
        case (.nonNull(let type), .nonNull(let other)): isSubtype(type, of: other)
        case (.nonNull(let type), _): isSubtype(type, of: other)
        case (.list(let item), .list(let otherItem)): isSubtype(item, of: otherItem)
        case (.named(let name), .named(let otherName)): isSubtype(name, of: otherName)
        default: false
        }
    }

    /// The same for named types.
    package func isSubtype(_ name: String, of other: String) -> Bool {
        if name == other { return true }
        switch types[other] {
        case .union(let union): return union.members.contains(name)
        case .interface: return types[name]?.interfaces.contains(other) ?? false
        default: return false
        }
    }

    /// Whether some object type is possible for both.
    package func overlaps(_ first: String, _ second: String) -> Bool {
        if first == second { return true }
        let (fewer, more) = (possibleTypes(of: first), possibleTypes(of: second))
        return fewer.contains { more.contains($0) }
    }

    private static func possibleTypes(
        of types: OrderedDictionary<String, NamedType>
    ) -> [String: OrderedSet<String>] {
        var possible: [String: OrderedSet<String>] = [:]
        for (name, type) in types {
            switch type {
            case .object(let object):
                possible[name] = [name]
                for interface in object.interfaces { possible[interface, default: []].append(name) }
            case .union(let union): possible[name] = union.members
            default: break
            }
        }
        return possible
    }
}

/// The fields that are on types without being defined there (specification, section 4.1).
enum MetaFields {
    static let typename = FieldDefinition(
        name: "__typename", description: "The name of the current Object type at runtime.",
        type: .nonNull(.named("String")), arguments: [:], directives: [], deprecationReason: nil, location: .none)

    static let schema = FieldDefinition(
        name: "__schema", description: "Access the current type schema of this server.",
        type: .nonNull(.named("__Schema")), arguments: [:], directives: [], deprecationReason: nil, location: .none)

    static let type = FieldDefinition(
        name: "__type", description: "Request the type information of a single type.", type: .named("__Type"),
        arguments: [
            "name": InputValueDefinition(
                name: "name", description: nil, type: .nonNull(.named("String")), defaultValue: nil, directives: [],
                deprecationReason: nil, location: .none)
        ],
        directives: [], deprecationReason: nil, location: .none)
}
