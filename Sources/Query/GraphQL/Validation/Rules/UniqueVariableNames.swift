import OrderedCollections

extension ValidationRule {
    /// [5.8.1 Variable Uniqueness](https://spec.graphql.org/September2025/#sec-Variable-Uniqueness): an operation defines a variable once.
    static let uniqueVariableNames = ValidationRule("UniqueVariableNames") { document, report in
        for operation in document.operations where operation.variableDefinitions.count > 1 {
            var first: OrderedDictionary<String, SourceLocation> = [:]
            for variable in operation.variableDefinitions {
                if let other = first[variable.name] {
                    report.add("Variable “$\(variable.name)” is defined twice.", at: [other, variable.location])
                } else {
                    first[variable.name] = variable.location
                }
            }
        }
    }
}
