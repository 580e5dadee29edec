extension ValidationRule {
    /// [5.8.2 Variables Are Input Types](https://spec.graphql.org/September2025/#sec-Variables-Are-Input-Types): the type of a variable is an input type.
    static let variablesAreInputTypes = ValidationRule("VariablesAreInputTypes") { document, report in
        for (index, operation) in document.operations.enumerated() {
            for (variable, type) in zip(operation.variableDefinitions, document.variableTypes(of: index)) {
                guard let type, !type.isInput else { continue }
                report.add(
                    "Variable “$\(variable.name)” cannot have the type “\(variable.type)”, which is no input type.",
                    at: variable.typeLocation)
            }
        }
    }
}
