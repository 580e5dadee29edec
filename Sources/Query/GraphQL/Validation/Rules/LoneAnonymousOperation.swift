extension ValidationRule {
    /// [5.2.3.1 Lone Anonymous Operation](https://spec.graphql.org/September2025/#sec-Lone-Anonymous-Operation): an operation without name
    /// is the only one.
    static let loneAnonymousOperation = ValidationRule("LoneAnonymousOperation") { document, report in
        guard document.operations.count > 1 else { return }
        for operation in document.operations where operation.name == nil {
            report.add("An operation without name must be the only operation of its document.", at: operation.location)
        }
    }
}
