extension ValidationRule {
    /// [5.3.2 Field Selection Merging](https://spec.graphql.org/September2025/#sec-Field-Selection-Merging): fields that
    /// answer under one key on one object are the same field, and those under one key on different objects have the
    /// same shape.
    static let overlappingFieldsCanBeMerged = ValidationRule("OverlappingFieldsCanBeMerged") { document, report in
        var merging = FieldMerging(document)
        merging.check(&report)
    }
}
