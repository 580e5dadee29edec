import OrderedCollections

extension ValidationRule {
    /// [5.2.2.1 Operation Name Uniqueness](https://spec.graphql.org/September2025/#sec-Operation-Name-Uniqueness): no two operations have the
    /// same name, whatever their kinds.
    static let uniqueOperationNames = ValidationRule("UniqueOperationNames") { document, report in
        guard document.operations.count > 1 else { return }
        var first: OrderedDictionary<String, SourceLocation> = [:]
        for operation in document.operations {
            guard let name = operation.name else { continue }
            if let other = first[name] {
                report.add("There are two operations “\(name)”.", at: [other, operation.nameLocation])
            } else {
                first[name] = operation.nameLocation
            }
        }
    }
}
