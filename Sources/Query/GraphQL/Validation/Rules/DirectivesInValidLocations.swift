import OrderedCollections

extension ValidationRule {
    /// [5.7.2 Directives Are in Valid Locations](https://spec.graphql.org/September2025/#sec-Directives-Are-in-Valid-Locations): a directive stands where it
    /// may stand.
    static let directivesInValidLocations = ValidationRule("DirectivesInValidLocations") { document, report in
        for set in document.directiveSets {
            for directive in set.directives {
                guard let definition = document.schema.directive(named: directive.name),
                    !definition.locations.contains(set.place)
                else { continue }
                report.add(
                    "Directive “@\(directive.name)” may not be used on \(set.place.rawValue).", at: directive.location)
            }
        }
    }
}
