import OrderedCollections

extension ValidationRule {
    /// [5.7.1 Directives Are Defined](https://spec.graphql.org/September2025/#sec-Directives-Are-Defined): the schema has the directives used.
    static let knownDirectives = ValidationRule("KnownDirectives") { document, report in
        for set in document.directiveSets {
            for directive in set.directives where document.schema.directive(named: directive.name) == nil {
                guard !report.isFull else { return }
                let names = document.schema.directives.filter { $0.locations.contains(where: \.isExecutable) }
                report.add(
                    "There is no directive “@\(directive.name)”."
                        + report.suggestion(for: "@\(directive.name)", among: names.map { "@\($0.name)" }),
                    at: directive.location)
            }
        }
    }
}
