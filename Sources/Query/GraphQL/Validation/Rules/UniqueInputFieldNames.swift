extension ValidationRule {
    /// [5.6.3 Input Object Field Uniqueness](https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness): no field stands twice in one
    /// input object.
    static let uniqueInputFieldNames = ValidationRule("UniqueInputFieldNames") { document, report in
        for object in document.values.objects {
            checkInputFieldUniqueness(document.values.values[object].value, &report)
        }
    }
}

func checkInputFieldUniqueness(_ value: Value, _ report: inout ValidationReport) {
    guard case .object(let fields) = value.kind else { return }
    forEachRepetition(in: fields, name: \.name) { first, again in
        report.add("Input field “\(again.name)” is given twice.", at: [first.location, again.location])
    }
}
