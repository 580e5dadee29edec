extension ValidationRule {
    /// [5.4.2 Argument Uniqueness](https://spec.graphql.org/September2025/#sec-Argument-Uniqueness): no argument is given twice.
    static let uniqueArgumentNames = ValidationRule("UniqueArgumentNames") { document, report in
        func check(_ arguments: [Argument]) {
            forEachRepetition(in: arguments, name: \.name) { first, again in
                report.add("Argument “\(again.name)” is given twice.", at: [first.location, again.location])
            }
        }
        for field in document.fieldsWithArguments { check(document.fields[field].field.arguments) }
        for set in document.directiveSets {
            for directive in set.directives { check(directive.arguments) }
        }
    }
}
