extension ValidationRule {
    /// [5.5.1.3 Fragments on Object, Interface or Union Types](https://spec.graphql.org/September2025/#sec-Fragments-on-Object-Interface-or-Union-Types): a fragment's type
    /// has fields.
    static let fragmentsOnCompositeTypes = ValidationRule("FragmentsOnCompositeTypes") { document, report in
        func check(_ type: NamedType?, at location: SourceLocation) {
            guard let type, !type.isComposite else { return }
            report.add(
                "A fragment cannot be on “\(type.name)”, which is no object, interface or union type.", at: location)
        }
        for (fragment, type) in zip(document.fragments, document.fragmentTypes) {
            check(type, at: fragment.typeConditionLocation)
        }
        for inline in document.inlineFragments {
            check(inline.conditionType, at: inline.fragment.typeConditionLocation)
        }
    }
}
