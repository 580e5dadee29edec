import OrderedCollections

extension ValidationRule {
    /// [5.4.2 Argument Uniqueness](https://spec.graphql.org/September2025/#sec-Argument-Uniqueness): no argument is given twice.
    static let uniqueArgumentNames = ValidationRule("UniqueArgumentNames") { document, report in
        func check(_ arguments: [Argument]) {
            guard arguments.count > 1 else { return }
            var first: OrderedDictionary<String, SourceLocation> = [:]
            for argument in arguments {
                if let other = first[argument.name] {
                    report.add("Argument “\(argument.name)” is given twice.", at: [other, argument.location])
                } else {
                    first[argument.name] = argument.location
                }
            }
        }
        for field in document.fieldsWithArguments { check(document.fields[field].field.arguments) }
        for set in document.directiveSets {
            for directive in set.directives { check(directive.arguments) }
        }
    }
}
