import OrderedCollections

extension ValidationRule {
    /// [5.3.1 Field Selections](https://spec.graphql.org/September2025/#sec-Field-Selections): a field exists on the type it is selected on.
    static let fieldsOnCorrectType = ValidationRule("FieldsOnCorrectType") { document, report in
        for index in document.fields.indices where document.fields[index].definition == nil {
            guard let parent = document.parentType(of: index), !report.isFull else { continue }
            let field = document.fields[index]
            report.add(
                "Type “\(parent.name)” has no field “\(field.field.name)”."
                    + (fragmentSuggestion(field.field.name, on: parent, document.schema, report)
                        ?? report.suggestion(
                            for: field.field.name, among: document.schema.fields(of: parent).map(\.name))),
                at: field.field.location)
        }
    }
}

/// On an interface or union, the object types that do have the field, for a fragment.
private func fragmentSuggestion(
    _ field: String, on parent: NamedType, _ schema: VisibleSchema, _ report: ValidationReport
) -> String? {
    guard report.options.suggestions, parent.isAbstract else { return nil }
    let owners = schema.possibleTypes(of: parent.name).filter { name in
        schema.type(named: name).flatMap { schema.field(named: field, of: $0) } != nil
    }
    guard !owners.isEmpty else { return nil }
    let fragments = owners.prefix(3).map { "“... on \($0) { \(field) }”" }
    return " Did you mean \(fragments.joined(separator: " or "))?"
}
