extension ValidationRule {
    /// [5.8.2 Variables Are Input Types](https://spec.graphql.org/September2025/#sec-Variables-Are-Input-Types): the type of a variable is an input type.
    static let variablesAreInputTypes = ValidationRule("VariablesAreInputTypes") { document, report in
        for index in document.operations.indices {
            for (place, typed) in document.variables(of: index).enumerated() {
                guard let type = typed.type, !type.isInput else { continue }
                let variable = document.operations[index].variableDefinitions[place]
                report.add(
                    "Variable “$\(variable.name)” cannot have the type “\(variable.type)”, which is no input type.",
                    at: variable.typeLocation)
            }
        }
    }
}
