extension ValidationRule {
    /// [5.8.3 All Variable Uses Defined](https://spec.graphql.org/September2025/#sec-All-Variable-Uses-Defined): an operation defines all variables that it and
    /// its fragments use.
    static let noUndefinedVariables = ValidationRule("NoUndefinedVariables") { document, report in
        for index in document.operations.indices {
            guard let scopes = document.reachableScopes(of: index, &report) else { return }
            let defined = VariablePlaces(document.variables(of: index))
            for scope in scopes {
                guard report.spend(scope.variableUses.count) else { return }
                for use in document.values.variableUses[scope.variableUses] where defined.place(of: use.name) == nil {
                    let operation = document.operations[index]
                    let owner = operation.name.map { " by operation “\($0)”" } ?? ""
                    report.add(
                        "Variable “$\(use.name)” is not defined\(owner).", at: [use.location, operation.location])
                }
            }
        }
    }
}
