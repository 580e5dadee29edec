/// A parsed document: operations and fragments, type system definitions, or both (specification, section 2.2).
package struct Document: Sendable, Hashable {
    package let definitions: [Definition]

    package init(definitions: [Definition]) {
        self.definitions = definitions
    }

    package var operations: [OperationDefinition] {
        definitions.compactMap { if case .operation(let operation) = $0 { operation } else { nil } }
    }

    /// The fragments by name. Of several with one name (which validation refuses) the first stays.
    package var fragments: [String: FragmentDefinition] {
        var fragments: [String: FragmentDefinition] = [:]
        for case .fragment(let fragment) in definitions where fragments[fragment.name] == nil {
            fragments[fragment.name] = fragment
        }
        return fragments
    }
}

package enum Definition: Sendable, Hashable {
    case operation(OperationDefinition)
    case fragment(FragmentDefinition)
    case schema(SchemaDefinitionSyntax)
    case type(TypeDefinitionSyntax)
    case directive(DirectiveDefinitionSyntax)

    package var location: SourceLocation {
        switch self {
        case .operation(let definition): definition.location
        case .fragment(let definition): definition.location
        case .schema(let definition): definition.location
        case .type(let definition): definition.location
        case .directive(let definition): definition.location
        }
    }
}

package enum OperationType: String, Sendable, Hashable, CaseIterable {
    case query, mutation, subscription
}

/// `$name: Type = default @directive` (specification, section 2.10).
package struct VariableDefinition: Sendable, Hashable {
    package let description: String?
    package let name: String
    package let type: TypeReference
    package let defaultValue: Value?
    package let directives: [Directive]
    package let location: SourceLocation
    package let typeLocation: SourceLocation
}

package struct Argument: Sendable, Hashable {
    package let name: String
    package let value: Value
    package let location: SourceLocation
}

/// A directive as it is applied, `@name(argument: value)`.
package struct Directive: Sendable, Hashable {
    package let name: String
    package let arguments: [Argument]
    package let location: SourceLocation

    /// The value written for an argument, or `nil` where none is written (its default is not looked up).
    package func argument(_ name: String) -> Value? {
        arguments.first { $0.name == name }?.value
    }
}
