extension ValidationRule {
    /// [5.8.4 All Variables Used](https://spec.graphql.org/September2025/#sec-All-Variables-Used): an operation or its fragments use each variable that it
    /// defines.
    static let noUnusedVariables = ValidationRule("NoUnusedVariables") { document, report in
        for index in document.operations.indices where !document.variables(of: index).isEmpty {
            guard let scopes = document.reachableScopes(of: index, &report) else { return }
            let places = VariablePlaces(document.variables(of: index))
            var isUsed = Array(repeating: false, count: document.variables(of: index).count)
            for scope in scopes {
                guard report.spend(scope.variableUses.count) else { return }
                for use in document.values.variableUses[scope.variableUses] {
                    if let place = places.place(of: use.name) { isUsed[place] = true }
                }
            }
            let operation = document.operations[index]
            for (place, variable) in document.variables(of: index).enumerated() {
                // Of two with one name both are used, or none.
                guard let last = places.place(of: variable.name), !isUsed[last] else { continue }
                let owner = operation.name.map { " in operation “\($0)”" } ?? ""
                report.add(
                    "Variable “$\(variable.name)” is never used\(owner).",
                    at: operation.variableDefinitions[place].location)
            }
        }
    }
}
