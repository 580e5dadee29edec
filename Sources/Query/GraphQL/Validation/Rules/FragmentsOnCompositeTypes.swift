extension ValidationRule {
    /// [5.5.1.3 Fragments on Object, Interface or Union Types](https://spec.graphql.org/September2025/#sec-Fragments-on-Object-Interface-or-Union-Types): a fragment's type
    /// has fields.
    static let fragmentsOnCompositeTypes = ValidationRule("FragmentsOnCompositeTypes") { document, report in
        func check(_ name: String, at location: SourceLocation) {
            guard let type = document.type(named: name), !type.isComposite else { return }
            report.add("A fragment cannot be on “\(name)”, which is no object, interface or union type.", at: location)
        }
        for fragment in document.fragments { check(fragment.typeCondition, at: fragment.typeConditionLocation) }
        for inline in document.inlineFragments {
            guard let typeCondition = inline.fragment.typeCondition else { continue }
            check(typeCondition, at: inline.fragment.typeConditionLocation)
        }
    }
}
