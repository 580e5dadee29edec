import OrderedCollections

extension ValidationRule {
    /// [5.8.4 All Variables Used](https://spec.graphql.org/September2025/#sec-All-Variables-Used): an operation or its fragments use each variable that it
    /// defines.
    static let noUnusedVariables = ValidationRule("NoUnusedVariables") { document, report in
        for index in document.operations.indices where !document.variables(of: index).isEmpty {
            guard let scopes = document.reachableScopes(of: index, &report) else { return }
            var used: OrderedSet<String> = []
            for scope in scopes {
                guard report.spend(scope.variableUses.count) else { return }
                for use in document.values.variableUses[scope.variableUses] { used.append(use.name) }
            }
            let operation = document.operations[index]
            for (place, variable) in document.variables(of: index).enumerated() {
                guard !used.contains(variable.name) else { continue }
                let owner = operation.name.map { " in operation “\($0)”" } ?? ""
                report.add(
                    "Variable “$\(variable.name)” is never used\(owner).",
                    at: operation.variableDefinitions[place].location)
            }
        }
    }
}
