/// A parsed document: operations and fragments, type system definitions, or both (specification, section 2.2).
package struct Document: Sendable, Hashable {
    package let definitions: [Definition]

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

/// One thing a client asks to be done (specification, section 2.3).
package struct OperationDefinition: Sendable, Hashable {
    package let description: String?
    package let operationType: OperationType
    /// `nil` for an anonymous operation.
    package let name: String?
    package let variableDefinitions: [VariableDefinition]
    package let directives: [Directive]
    package let selectionSet: SelectionSet
    package let location: SourceLocation
    /// Of the name, or of the operation where it has none.
    package let nameLocation: SourceLocation
}

/// A named fragment (specification, section 2.8).
package struct FragmentDefinition: Sendable, Hashable {
    package let description: String?
    package let name: String
    /// The name of the type in `on Type`.
    package let typeCondition: String
    package let directives: [Directive]
    package let selectionSet: SelectionSet
    package let location: SourceLocation
    package let nameLocation: SourceLocation
    package let typeConditionLocation: SourceLocation
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

package struct SelectionSet: Sendable, Hashable {
    /// At least one, as the grammar demands.
    package let selections: [Selection]
    /// Of the opening brace.
    package let location: SourceLocation
}

package enum Selection: Sendable, Hashable {
    case field(Field)
    case fragmentSpread(FragmentSpread)
    case inlineFragment(InlineFragment)
}

package struct Field: Sendable, Hashable {
    package let alias: String?
    package let name: String
    package let arguments: [Argument]
    package let directives: [Directive]
    package let selectionSet: SelectionSet?
    /// Of the alias, or of the name where there is none.
    package let location: SourceLocation

    /// The key of this field's value in the response: its alias, else its name.
    package var responseKey: String { alias ?? name }
}

package struct FragmentSpread: Sendable, Hashable {
    package let name: String
    package let directives: [Directive]
    package let location: SourceLocation
}

package struct InlineFragment: Sendable, Hashable {
    package let typeCondition: String?
    package let directives: [Directive]
    package let selectionSet: SelectionSet
    package let location: SourceLocation
    package let typeConditionLocation: SourceLocation
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
