/// `schema { … }` or `extend schema { … }` (specification, section 3.3).
package struct SchemaDefinitionSyntax: Sendable, Hashable {
    package let isExtension: Bool
    package let description: String?
    package let directives: [Directive]
    package let operationTypes: [OperationTypeDefinitionSyntax]
    package let location: SourceLocation
}

/// `query: Query` inside a schema definition.
package struct OperationTypeDefinitionSyntax: Sendable, Hashable {
    package let operationType: OperationType
    package let typeName: String
    package let location: SourceLocation
}

/// The definition of a type, or with `extend` an addition to one (specification, sections 3.5 to 3.10).
package struct TypeDefinitionSyntax: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case scalar
        case object(interfaces: [NamedTypeSyntax], fields: [FieldDefinitionSyntax])
        case interface(interfaces: [NamedTypeSyntax], fields: [FieldDefinitionSyntax])
        case union(members: [NamedTypeSyntax])
        case enumeration(values: [EnumValueDefinitionSyntax])
        case inputObject(fields: [InputValueDefinitionSyntax])
    }

    package let isExtension: Bool
    package let description: String?
    package let name: String
    package let directives: [Directive]
    package let kind: Kind
    package let location: SourceLocation
    package let nameLocation: SourceLocation
}

/// The name of a type, where the grammar takes no list and no exclamation mark.
package struct NamedTypeSyntax: Sendable, Hashable {
    package let name: String
    package let location: SourceLocation
}

package struct FieldDefinitionSyntax: Sendable, Hashable {
    package let description: String?
    package let name: String
    package let arguments: [InputValueDefinitionSyntax]
    package let type: TypeReference
    package let directives: [Directive]
    package let location: SourceLocation
    package let typeLocation: SourceLocation
}

/// An argument of a field or directive, or a field of an input object.
package struct InputValueDefinitionSyntax: Sendable, Hashable {
    package let description: String?
    package let name: String
    package let type: TypeReference
    package let defaultValue: Value?
    package let directives: [Directive]
    package let location: SourceLocation
    package let typeLocation: SourceLocation
}

package struct EnumValueDefinitionSyntax: Sendable, Hashable {
    package let description: String?
    package let name: String
    package let directives: [Directive]
    package let location: SourceLocation
}

/// `directive @name(…) repeatable on LOCATION` (specification, section 3.13).
package struct DirectiveDefinitionSyntax: Sendable, Hashable {
    package let description: String?
    package let name: String
    package let arguments: [InputValueDefinitionSyntax]
    package let isRepeatable: Bool
    package let locations: [DirectiveLocation]
    package let location: SourceLocation
    package let nameLocation: SourceLocation
}

/// Where a directive may stand, as the specification spells it.
package enum DirectiveLocation: String, Sendable, Hashable, CaseIterable {
    case query = "QUERY"
    case mutation = "MUTATION"
    case subscription = "SUBSCRIPTION"
    case field = "FIELD"
    case fragmentDefinition = "FRAGMENT_DEFINITION"
    case fragmentSpread = "FRAGMENT_SPREAD"
    case inlineFragment = "INLINE_FRAGMENT"
    case variableDefinition = "VARIABLE_DEFINITION"
    case schema = "SCHEMA"
    case scalar = "SCALAR"
    case object = "OBJECT"
    case fieldDefinition = "FIELD_DEFINITION"
    case argumentDefinition = "ARGUMENT_DEFINITION"
    case interface = "INTERFACE"
    case union = "UNION"
    case enumeration = "ENUM"
    case enumValue = "ENUM_VALUE"
    case inputObject = "INPUT_OBJECT"
    case inputFieldDefinition = "INPUT_FIELD_DEFINITION"

    /// Whether it names a place in an executable document.
    package var isExecutable: Bool {
        switch self {
        case .query, .mutation, .subscription, .field, .fragmentDefinition, .fragmentSpread, .inlineFragment,
            .variableDefinition:
            true
        default: false
        }
    }
}
