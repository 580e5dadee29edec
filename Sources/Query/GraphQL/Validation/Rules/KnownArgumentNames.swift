import OrderedCollections

extension ValidationRule {
    /// [5.4.1 Argument Names](https://spec.graphql.org/September2025/#sec-Argument-Names): a field or directive has the arguments given to it.
    static let knownArgumentNames = ValidationRule("KnownArgumentNames") { document, report in
        for set in document.argumentSets {
            for argument in set.arguments
            where document.schema.argument(named: argument.name, among: set.definitions) == nil {
                guard !report.isFull else { return }
                let names = document.schema.arguments(set.definitions).map(\.name)
                report.add(
                    "\(document.description(of: set.owner)) has no argument “\(argument.name)”."
                        + report.suggestion(for: argument.name, among: names), at: argument.location)
            }
        }
    }
}
