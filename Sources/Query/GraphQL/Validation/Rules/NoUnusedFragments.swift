import OrderedCollections

extension ValidationRule {
    /// [5.5.1.4 Fragments Must Be Used](https://spec.graphql.org/September2025/#sec-Fragments-Must-Be-Used): each fragment is reached from an operation.
    static let noUnusedFragments = ValidationRule("NoUnusedFragments") { document, report in
        var isUsed = Array(repeating: false, count: document.fragments.count)
        var pending = Array(document.scopes[..<document.operations.count])
        while let scope = pending.popLast() {
            for spread in scope.spreads {
                guard let fragment = document.spreads[spread].fragment, !isUsed[fragment] else { continue }
                isUsed[fragment] = true
                pending.append(document.fragmentScope(fragment))
            }
        }
        for (index, fragment) in document.fragments.enumerated() where !isUsed[index] {
            // The second of two fragments of one name cannot be reached; that is told as such.
            guard document.fragmentIndex[fragment.name] == index else { continue }
            report.add("Fragment “\(fragment.name)” is never used.", at: fragment.location)
        }
    }
}
