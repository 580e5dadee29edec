import OrderedCollections

extension ValidationRule {
    /// [5.6.2 Input Object Field Names](https://spec.graphql.org/September2025/#sec-Input-Object-Field-Names): an input object has the fields given to it.
    static let knownInputFieldNames = ValidationRule("KnownInputFieldNames") { document, report in
        for object in document.values.objects where !report.isFull {
            checkInputFieldNames(document.values.values[object], document.schema, &report)
        }
    }
}

func checkInputFieldNames(_ value: TypedValue, _ schema: VisibleSchema, _ report: inout ValidationReport) {
    guard case .inputObject(let type)? = value.namedType, case .object(let fields) = value.value.kind else { return }
    for field in fields where schema.field(named: field.name, of: type) == nil {
        report.add(
            "Input “\(type.name)” has no field “\(field.name)”."
                + report.suggestion(for: field.name, among: schema.fields(of: type).map(\.name)), at: field.location)
    }
}
