import OrderedCollections

extension ValidationRule {
    /// [5.5.1.2 Fragment Spread Type Existence](https://spec.graphql.org/September2025/#sec-Fragment-Spread-Type-Existence): the type of a fragment,
    /// and of a variable, is defined.
    static let knownTypeNames = ValidationRule("KnownTypeNames") { document, report in
        func check(_ name: String, at location: SourceLocation) {
            guard document.type(named: name) == nil, !report.isFull else { return }
            let names = document.schema.types.map(\.name)
            report.add("There is no type “\(name)”." + report.suggestion(for: name, among: names), at: location)
        }
        for operation in document.operations {
            for variable in operation.variableDefinitions {
                check(variable.type.namedType, at: variable.typeLocation)
            }
        }
        for fragment in document.fragments { check(fragment.typeCondition, at: fragment.typeConditionLocation) }
        for inline in document.inlineFragments {
            guard let typeCondition = inline.fragment.typeCondition else { continue }
            check(typeCondition, at: inline.fragment.typeConditionLocation)
        }
    }
}
