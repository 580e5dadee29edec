import OrderedCollections

extension ValidationRule {
    /// [5.8.1 Variable Uniqueness](https://spec.graphql.org/September2025/#sec-Variable-Uniqueness): an operation defines a variable once.
    static let uniqueVariableNames = ValidationRule("UniqueVariableNames") { document, report in
        for index in document.operations.indices where document.variables(of: index).count > 1 {
            var first: OrderedDictionary<String, SourceLocation> = [:]
            for (place, variable) in document.variables(of: index).enumerated() {
                let location = document.operations[index].variableDefinitions[place].location
                if let other = first[variable.name] {
                    report.add("Variable “$\(variable.name)” is defined twice.", at: [other, location])
                } else {
                    first[variable.name] = location
                }
            }
        }
    }
}
