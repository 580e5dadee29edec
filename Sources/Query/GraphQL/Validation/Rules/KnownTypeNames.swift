import OrderedCollections

extension ValidationRule {
    /// [5.5.1.2 Fragment Spread Type Existence](https://spec.graphql.org/September2025/#sec-Fragment-Spread-Type-Existence): the type of a fragment,
    /// and of a variable, is defined.
    static let knownTypeNames = ValidationRule("KnownTypeNames") { document, report in
        func check(_ type: NamedType?, _ name: @autoclosure () -> String, at location: SourceLocation) {
            guard type == nil, !report.isFull else { return }
            let name = name()
            let names = document.schema.types.map(\.name)
            report.add("There is no type “\(name)”." + report.suggestion(for: name, among: names), at: location)
        }
        for index in document.operations.indices {
            for (place, variable) in document.variables(of: index).enumerated() where variable.type == nil {
                let definition = document.operations[index].variableDefinitions[place]
                check(nil, definition.type.namedType, at: definition.typeLocation)
            }
        }
        for (fragment, type) in zip(document.fragments, document.fragmentTypes) {
            check(type, fragment.typeCondition, at: fragment.typeConditionLocation)
        }
        for inline in document.inlineFragments {
            guard let typeCondition = inline.fragment.typeCondition else { continue }
            check(inline.conditionType, typeCondition, at: inline.fragment.typeConditionLocation)
        }
    }
}
