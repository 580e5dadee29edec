import OrderedCollections

extension ValidationRule {
    /// [5.3.1 Field Selections](https://spec.graphql.org/September2025/#sec-Field-Selections): a field exists on the type it is selected on.
    static let fieldsOnCorrectType = ValidationRule("FieldsOnCorrectType") { document, report in
        for field in document.fields where field.definition == nil {
            guard let parent = field.parentType, !report.isFull else { continue }
            report.add(
                "Type “\(parent.name)” has no field “\(field.field.name)”."
                    + report.suggestion(for: field.field.name, among: document.schema.fields(of: parent).map(\.name)),
                at: field.field.location)
        }
    }
}
