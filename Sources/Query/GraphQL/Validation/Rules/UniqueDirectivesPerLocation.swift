import OrderedCollections

extension ValidationRule {
    /// [5.7.3 Directives Are Unique per Location](https://spec.graphql.org/September2025/#sec-Directives-Are-Unique-per-Location): a directive that is not
    /// repeatable stands once at a place.
    static let uniqueDirectivesPerLocation = ValidationRule("UniqueDirectivesPerLocation") { document, report in
        for set in document.directiveSets where set.directives.count > 1 {
            var first: OrderedDictionary<String, SourceLocation> = [:]
            for directive in set.directives {
                guard let definition = document.schema.directive(named: directive.name), !definition.isRepeatable else {
                    continue
                }
                if let other = first[directive.name] {
                    report.add(
                        "Directive “@\(directive.name)” may be used only once at this place.",
                        at: [other, directive.location])
                } else {
                    first[directive.name] = directive.location
                }
            }
        }
    }
}
