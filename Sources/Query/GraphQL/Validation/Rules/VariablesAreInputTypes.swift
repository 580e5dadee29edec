extension ValidationRule {
    /// [5.8.2 Variables Are Input Types](https://spec.graphql.org/September2025/#sec-Variables-Are-Input-Types): the type of a variable is an input type.
    static let variablesAreInputTypes = ValidationRule("VariablesAreInputTypes") { document, report in
        for operation in document.operations {
            for variable in operation.variableDefinitions {
                guard let type = document.type(named: variable.type.namedType), !type.isInput else { continue }
                report.add(
                    "Variable “$\(variable.name)” cannot have the type “\(variable.type)”, which is no input type.",
                    at: variable.typeLocation)
            }
        }
    }
}
