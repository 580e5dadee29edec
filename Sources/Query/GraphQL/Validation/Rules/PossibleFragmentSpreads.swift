extension ValidationRule {
    /// [5.5.2.3 Fragment Spread Is Possible](https://spec.graphql.org/September2025/#sec-Fragment-Spread-Is-Possible): some object type fits both
    /// the fragment and the place where it is spread.
    static let possibleFragmentSpreads = ValidationRule("PossibleFragmentSpreads") { document, report in
        let schema = document.schema
        for spread in document.spreads {
            guard let parent = spread.parentType, let fragment = spread.fragment,
                let type = document.parentType(ofSelectionSet: document.fragmentScope(fragment).selectionSet),
                type != parent, !schema.overlaps(parent.name, type.name)
            else { continue }
            let condition = type.name
            report.add(
                "Fragment “\(spread.spread.name)” on “\(condition)” can never apply to “\(parent.name)”.",
                at: spread.spread.location)
        }
        for inline in document.inlineFragments {
            guard let parent = inline.parentType, let condition = inline.fragment.typeCondition,
                let type = inline.conditionType, type.isComposite, !schema.overlaps(parent.name, condition)
            else { continue }
            report.add(
                "A fragment on “\(condition)” can never apply to “\(parent.name)”.", at: inline.fragment.location)
        }
    }
}
