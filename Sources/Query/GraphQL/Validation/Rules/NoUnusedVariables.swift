import OrderedCollections

extension ValidationRule {
    /// [5.8.4 All Variables Used](https://spec.graphql.org/September2025/#sec-All-Variables-Used): an operation or its fragments use each variable that it
    /// defines.
    static let noUnusedVariables = ValidationRule("NoUnusedVariables") { document, report in
        for (index, operation) in document.operations.enumerated() where !operation.variableDefinitions.isEmpty {
            guard let scopes = document.reachableScopes(of: index, &report) else { return }
            var used: OrderedSet<String> = []
            for scope in scopes {
                guard report.spend(scope.variableUses.count) else { return }
                for use in document.values.variableUses[scope.variableUses] { used.append(use.name) }
            }
            for variable in operation.variableDefinitions where !used.contains(variable.name) {
                let owner = operation.name.map { " in operation “\($0)”" } ?? ""
                report.add("Variable “$\(variable.name)” is never used\(owner).", at: variable.location)
            }
        }
    }
}
