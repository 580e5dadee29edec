import GraphQL
import OrderedCollections

/// What of a schema is shown. Bindings are directives and the types of their arguments, and never shown to anyone; what a
/// role may not ask is not shown to that role, though validation treats all roles alike, since its verdict is remembered.
struct SchemaVisibility {
    private let hiddenDirectives: Set<String>
    private let hiddenTypes: Set<String>

    init(schema: Schema) {
        let specified: Set = ["deprecated", "specifiedBy", "oneOf"]
        let bindings = schema.directives.values.filter { directive in
            !specified.contains(directive.name) && !directive.locations.contains { $0.isExecutable }
        }
        hiddenDirectives = Set(bindings.map(\.name))
        let reachable = Self.reachableTypes(of: schema)
        var hiddenTypes: Set<String> = []
        for directive in bindings {
            for argument in directive.arguments.values {
                let type = argument.type.namedType
                if case .enumeration? = schema.type(named: type), !reachable.contains(type) { hiddenTypes.insert(type) }
            }
        }
        self.hiddenTypes = hiddenTypes
    }

    /// For validation.
    var everyone: Visibility {
        Visibility { [self] in isShown($0) }
    }

    /// For introspection by one role.
    func role(_ role: Role, catalog: BindingCatalog) -> Visibility {
        Visibility { [self] element in
            guard isShown(element) else { return false }
            switch element {
            case .field(let field, let type):
                return catalog.allows(role, type: type.name, field: field.name, fieldType: field.type.namedType)
            case .type(let type):
                guard catalog.allows(role, type: type.name) else { return false }
                // A type without fields would be no valid schema, so one that has none left for the role goes as well.
                return type.fields?.values.contains { field in
                    catalog.allows(role, type: type.name, field: field.name, fieldType: field.type.namedType)
                } ?? true
            default: return true
            }
        }
    }

    private func isShown(_ element: Visibility.Element) -> Bool {
        switch element {
        case .directive(let directive): !hiddenDirectives.contains(directive.name)
        case .type(let type): !hiddenTypes.contains(type.name)
        default: true
        }
    }

    /// All that can come up in an operation or an answer.
    private static func reachableTypes(of schema: Schema) -> Set<String> {
        var reached: Set<String> = []
        var open = [schema.queryType, schema.mutationType, schema.subscriptionType].compactMap { $0?.name }
        while let name = open.popLast() {
            guard reached.insert(name).inserted, let type = schema.type(named: name) else { continue }
            open += schema.possibleTypes(of: name)
            open += type.interfaces
            for field in type.fields?.values.elements ?? [] {
                open.append(field.type.namedType)
                open += field.arguments.values.map(\.type.namedType)
            }
            if case .inputObject(let input) = type { open += input.fields.values.map(\.type.namedType) }
        }
        return reached
    }
}
