extension ValidationRule {
    /// [5.1.1 Executable Definitions](https://spec.graphql.org/September2025/#sec-Executable-Definitions): a document to be executed
    /// holds operations and fragments only.
    static let executableDefinitions = ValidationRule("ExecutableDefinitions") { document, report in
        for definition in document.document.definitions {
            switch definition {
            case .operation, .fragment: continue
            case .schema, .type, .directive:
                report.add("A definition or extension of the type system cannot be executed.", at: definition.location)
            }
        }
    }
}
