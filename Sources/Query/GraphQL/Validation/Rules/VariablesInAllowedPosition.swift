extension ValidationRule {
    /// [5.8.5 All Variable Usages Are Allowed](https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed): the type of a variable fits each place
    /// where it is used.
    ///
    /// The section's algorithm would let a nullable variable with a default be given for a field of a oneOf input; its
    /// text says that such a variable “must be non-nullable”, and so does the reference implementation. So does this.
    static let variablesInAllowedPosition = ValidationRule("VariablesInAllowedPosition") { document, report in
        for index in document.operations.indices where !document.variables(of: index).isEmpty {
            guard let scopes = document.reachableScopes(of: index, &report) else { return }
            let variables = document.operations[index].variableDefinitions
            let typed = document.variables(of: index)
            let places = VariablePlaces(typed)
            for scope in scopes {
                guard report.spend(scope.variableUses.count) else { return }
                for use in document.values.variableUses[scope.variableUses] {
                    guard let index = places.place(of: use.name), let type = use.type,
                        typed[typed.startIndex + index].type != nil
                    else { continue }
                    let variable = variables[index]
                    if !isUsageAllowed(variable, type, use.hasDefault) {
                        report.add(
                            "Variable “$\(use.name)” of type “\(variable.type)” is used where “\(type)” is expected.",
                            at: [variable.location, use.location])
                    } else if let field = use.oneOfField, !variable.type.isNonNull {
                        report.add(
                            "Variable “$\(use.name)” must be non-null to be given for the oneOf input field “\(field)”.",
                            at: [variable.location, use.location])
                    }
                }
            }
        }
    }
}

/// `IsVariableUsageAllowed`.
private func isUsageAllowed(_ variable: VariableDefinition, _ type: TypeReference, _ hasDefault: Bool) -> Bool {
    if case .nonNull(let nullable) = type, !variable.type.isNonNull {
        let hasNonNullDefault = variable.defaultValue.map { !$0.isNull } ?? false
        return (hasNonNullDefault || hasDefault) && areTypesCompatible(variable.type, nullable)
    }
    return areTypesCompatible(variable.type, type)
}

/// `AreTypesCompatible`.
private func areTypesCompatible(_ variable: TypeReference, _ location: TypeReference) -> Bool {
    switch (variable, location) {
    case (.nonNull(let variable), .nonNull(let location)): areTypesCompatible(variable, location)
    case (_, .nonNull): false
    case (.nonNull(let variable), _): areTypesCompatible(variable, location)
    case (.list(let variable), .list(let location)): areTypesCompatible(variable, location)
    case (.named(let variable), .named(let location)): variable == location
    default: false
    }
}
