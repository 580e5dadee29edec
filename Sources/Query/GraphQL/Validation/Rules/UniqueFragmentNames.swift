import OrderedCollections

extension ValidationRule {
    /// [5.5.1.1 Fragment Name Uniqueness](https://spec.graphql.org/September2025/#sec-Fragment-Name-Uniqueness): no two fragments have the
    /// same name.
    static let uniqueFragmentNames = ValidationRule("UniqueFragmentNames") { document, report in
        for (index, fragment) in document.fragments.enumerated() {
            guard let first = document.fragmentIndex[fragment.name], first != index else { continue }
            report.add(
                "There are two fragments “\(fragment.name)”.",
                at: [document.fragments[first].nameLocation, fragment.nameLocation])
        }
    }
}
