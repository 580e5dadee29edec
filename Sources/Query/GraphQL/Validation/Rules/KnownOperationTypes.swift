extension ValidationRule {
    /// [5.2.1.1 Operation Type Existence](https://spec.graphql.org/September2025/#sec-Operation-Type-Existence): the schema has a root type
    /// for each kind of operation.
    static let knownOperationTypes = ValidationRule("KnownOperationTypes") { document, report in
        for operation in document.operations where document.schema.rootType(of: operation.operationType) == nil {
            report.add("The schema has no \(operation.operationType.rawValue) operations.", at: operation.location)
        }
    }
}
