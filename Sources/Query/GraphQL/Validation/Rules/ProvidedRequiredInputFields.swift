import OrderedCollections

extension ValidationRule {
    /// [5.6.4 Input Object Required Fields](https://spec.graphql.org/September2025/#sec-Input-Object-Required-Fields): a field that is non-null and has
    /// no default is given. (That it is not null is the rule on values.)
    static let providedRequiredInputFields = ValidationRule("ProvidedRequiredInputFields") { document, report in
        for object in document.values.objects { checkRequiredInputFields(document.values.values[object], &report) }
    }
}

func checkRequiredInputFields(_ value: TypedValue, _ report: inout ValidationReport) {
    guard case .inputObject(let type)? = value.namedType, case .object(let fields) = value.value.kind else { return }
    let given = OrderedSet(fields.lazy.map(\.name))
    for field in type.fields.values where field.isRequired && !given.contains(field.name) {
        report.add(
            "Input “\(type.name)” needs the field “\(field.name)” of type “\(field.type)”.", at: value.value.location)
    }
}
