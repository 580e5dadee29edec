extension ValidationRule {
    /// [5.8.1 Variable Uniqueness](https://spec.graphql.org/September2025/#sec-Variable-Uniqueness): an operation defines a variable once.
    static let uniqueVariableNames = ValidationRule("UniqueVariableNames") { document, report in
        for index in document.operations.indices where document.variables(of: index).count > 1 {
            forEachRepetition(in: document.operations[index].variableDefinitions, name: \.name) { first, again in
                report.add("Variable “$\(again.name)” is defined twice.", at: [first.location, again.location])
            }
        }
    }
}
