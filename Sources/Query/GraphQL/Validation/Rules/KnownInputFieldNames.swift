import OrderedCollections

extension ValidationRule {
    /// [5.6.2 Input Object Field Names](https://spec.graphql.org/September2025/#sec-Input-Object-Field-Names): an input object has the fields given to it.
    static let knownInputFieldNames = ValidationRule("KnownInputFieldNames") { document, report in
        for value in document.values.values where !report.isFull { checkInputFieldNames(value, &report) }
    }
}

func checkInputFieldNames(_ value: TypedValue, _ report: inout ValidationReport) {
    guard case .inputObject(let type)? = value.namedType, case .object(let fields) = value.value.kind else { return }
    for field in fields where type.fields[field.name] == nil {
        let visible = type.fields.values.filter { report.options.visibility.shows(.inputField($0)) }
        report.add(
            "Input “\(type.name)” has no field “\(field.name)”."
                + report.suggestion(for: field.name, among: visible.map(\.name)), at: field.location)
    }
}
