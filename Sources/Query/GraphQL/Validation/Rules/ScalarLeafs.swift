extension ValidationRule {
    /// [5.3.3 Leaf Field Selections](https://spec.graphql.org/September2025/#sec-Leaf-Field-Selections): a field of a scalar or enum type has no
    /// selection set, any other has one.
    static let scalarLeafs = ValidationRule("ScalarLeafs") { document, report in
        for index in document.fields.indices {
            let kind = document.fields[index].kind
            guard kind != .unknown, (kind == .leaf) == (document.fields[index].selectionSet != nil),
                let definition = document.definition(of: index)
            else { continue }
            let field = document.fields[index]
            if kind == .leaf, let location = field.field.selectionSet?.location {
                report.add(
                    "Field “\(field.field.name)” has the type “\(definition.type)”, which has no fields to select.",
                    at: location)
            } else {
                report.add(
                    "Field “\(field.field.name)” has the type “\(definition.type)”; select some of its fields: "
                        + "“\(field.field.name) { … }”.", at: field.field.location)
            }
        }
    }
}
