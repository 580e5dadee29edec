import OrderedCollections

extension ValidationRule {
    /// [5.4.3 Required Arguments](https://spec.graphql.org/September2025/#sec-Required-Arguments): an argument that is non-null and has no
    /// default is given. (That it is not null is the rule on values.)
    static let providedRequiredArguments = ValidationRule("ProvidedRequiredArguments") { document, report in
        for set in document.argumentSets {
            for definition in set.definitions.values where definition.isRequired {
                guard !set.arguments.contains(where: { $0.name == definition.name }) else { continue }
                report.add(
                    "\(document.description(of: set.owner)) needs the argument “\(definition.name)” "
                        + "of type “\(definition.type)”.",
                    at: set.location)
            }
        }
    }
}
