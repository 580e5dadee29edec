import OrderedCollections

/// `__Schema` (section 4.2.1).
struct SchemaObject: ObjectValue {
    let introspection: Introspection
    var typeName: String { "__Schema" }

    func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue {
        let schema = introspection.schema
        switch field.name {
        case "description": return .string(schema.schema.description)
        case "types": return introspection.typeObjects(schema.types.map(\.name))
        case "queryType": return root(.query)
        case "mutationType": return root(.mutation)
        case "subscriptionType": return root(.subscription)
        case "directives":
            return .list(
                schema.directives.map { .object(DirectiveObject(introspection: introspection, directive: $0)) })
        default: return .null
        }
    }
}

extension SchemaObject {
    private func root(_ operation: OperationType) -> ResolvedValue {
        introspection.schema.rootType(of: operation).map { introspection.typeObject(.named($0.name)) } ?? .null
    }
}

/// `__Type` (section 4.2.2): a named type, or a list or non-null around one.
struct TypeObject: ObjectValue {
    let introspection: Introspection
    let type: TypeReference
    var typeName: String { "__Type" }

    func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue {
        switch type {
        case .list(let item): return wrapper("LIST", around: item, field)
        case .nonNull(let nullable): return wrapper("NON_NULL", around: nullable, field)
        case .named(let name):
            guard let type = introspection.schema.type(named: name) else { return .null }
            return resolve(field, of: type, arguments)
        }
    }

    private func wrapper(_ kind: String, around inner: TypeReference, _ field: FieldDefinition) -> ResolvedValue {
        switch field.name {
        case "kind": .string(kind)
        case "ofType": introspection.typeObject(inner)
        default: .null
        }
    }

    private func resolve(
        _ field: FieldDefinition, of type: NamedType, _ arguments: OrderedDictionary<String, JSONValue>
    ) -> ResolvedValue {
        let schema = introspection.schema
        let includesDeprecated = introspection.includesDeprecated(arguments)
        switch (field.name, type) {
        case ("kind", _): return .string(type.kind)
        case ("name", _): return .string(type.name)
        case ("description", _): return .string(type.description)
        case ("specifiedByURL", .scalar(let scalar)): return .string(scalar.specifiedByURL)
        case ("fields", .object), ("fields", .interface):
            let fields = schema.fields(of: type).filter { $0.deprecationReason == nil || includesDeprecated }
            return .list(fields.map { .object(FieldObject(introspection: introspection, field: $0)) })
        case ("interfaces", .object), ("interfaces", .interface):
            return introspection.typeObjects(schema.interfaces(of: type))
        case ("possibleTypes", .interface), ("possibleTypes", .union):
            return introspection.typeObjects(schema.possibleTypes(of: type.name))
        case ("enumValues", .enumeration(let enumeration)):
            let values = schema.values(of: enumeration).filter { $0.deprecationReason == nil || includesDeprecated }
            return .list(values.map { .object(EnumValueObject(value: $0)) })
        case ("inputFields", .inputObject(let input)):
            return introspection.inputValues(schema.fields(of: input), arguments)
        case ("isOneOf", .inputObject(let input)): return .bool(input.isOneOf)
        default: return .null
        }
    }
}

extension NamedType {
    /// `__TypeKind`.
    fileprivate var kind: String {
        switch self {
        case .scalar: "SCALAR"
        case .object: "OBJECT"
        case .interface: "INTERFACE"
        case .union: "UNION"
        case .enumeration: "ENUM"
        case .inputObject: "INPUT_OBJECT"
        }
    }
}

/// `__Field` (section 4.2.3).
struct FieldObject: ObjectValue {
    let introspection: Introspection
    let field: FieldDefinition
    var typeName: String { "__Field" }

    func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue {
        switch field.name {
        case "name": .string(self.field.name)
        case "description": .string(self.field.description)
        case "args": introspection.inputValues(introspection.schema.arguments(self.field.arguments), arguments)
        case "type": introspection.typeObject(self.field.type)
        case "isDeprecated": .bool(self.field.deprecationReason != nil)
        case "deprecationReason": .string(self.field.deprecationReason)
        default: .null
        }
    }
}

/// `__InputValue` (section 4.2.4).
struct InputValueObject: ObjectValue {
    let introspection: Introspection
    let value: InputValueDefinition
    var typeName: String { "__InputValue" }

    func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue {
        switch field.name {
        case "name": .string(value.name)
        case "description": .string(value.description)
        case "type": introspection.typeObject(value.type)
        case "defaultValue": .string(introspection.schema.defaultValue(of: value).map(printValue))
        case "isDeprecated": .bool(value.deprecationReason != nil)
        case "deprecationReason": .string(value.deprecationReason)
        default: .null
        }
    }
}

/// `__EnumValue` (section 4.2.5).
struct EnumValueObject: ObjectValue {
    let value: EnumValueDefinition
    var typeName: String { "__EnumValue" }

    func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue {
        switch field.name {
        case "name": .string(value.name)
        case "description": .string(value.description)
        case "isDeprecated": .bool(value.deprecationReason != nil)
        case "deprecationReason": .string(value.deprecationReason)
        default: .null
        }
    }
}

/// `__Directive` (section 4.2.6).
struct DirectiveObject: ObjectValue {
    let introspection: Introspection
    let directive: DirectiveDefinition
    var typeName: String { "__Directive" }

    func resolve(
        _ field: FieldDefinition, arguments: OrderedDictionary<String, JSONValue>
    ) throws(GraphQLError) -> ResolvedValue {
        switch field.name {
        case "name": .string(directive.name)
        case "description": .string(directive.description)
        case "isRepeatable": .bool(directive.isRepeatable)
        case "locations": .list(directive.locations.map { .string($0.rawValue) })
        case "args": introspection.inputValues(introspection.schema.arguments(directive.arguments), arguments)
        default: .null
        }
    }
}
