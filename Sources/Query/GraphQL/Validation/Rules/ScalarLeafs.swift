extension ValidationRule {
    /// [5.3.3 Leaf Field Selections](https://spec.graphql.org/September2025/#sec-Leaf-Field-Selections): a field of a scalar or enum type has no
    /// selection set, any other has one.
    static let scalarLeafs = ValidationRule("ScalarLeafs") { document, report in
        for index in document.fields.indices {
            guard let type = document.fields[index].type,
                type.isLeaf == (document.fields[index].selectionSet != nil),
                let definition = document.fields[index].definition
            else { continue }
            let field = document.fields[index]
            if type.isLeaf, let location = field.field.selectionSetLocation {
                report.add(
                    "Field “\(field.field.name)” has the type “\(definition.type)”, which has no fields to select.",
                    at: location)
            } else if type.isComposite, field.selectionSet == nil {
                report.add(
                    "Field “\(field.field.name)” has the type “\(definition.type)”; select some of its fields: "
                        + "“\(field.field.name) { … }”.", at: field.field.location)
            }
        }
    }
}
