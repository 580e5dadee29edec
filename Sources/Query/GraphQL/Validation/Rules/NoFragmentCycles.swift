extension ValidationRule {
    /// [5.5.2.2 Fragment Spreads Must Not Form Cycles](https://spec.graphql.org/September2025/#sec-Fragment-Spreads-Must-Not-Form-Cycles): no fragment
    /// spreads itself, directly or through others.
    static let noFragmentCycles = ValidationRule("NoFragmentCycles") { document, report in
        for cycle in document.fragmentOrder.cycles {
            let name = document.fragments[cycle[0]].name
            // The spread that closes the circle.
            let last = document.fragmentScope(cycle[cycle.count - 1])
            let closing = last.spreads.first { document.spreads[$0].fragment == cycle[0] }
            let way = cycle.dropFirst().prefix(10).map { "“\(document.fragments[$0].name)”" }.joined(separator: ", ")
            let through = way.isEmpty ? "" : " through \(way)\(cycle.count > 11 ? " and others" : "")"
            report.add(
                "Fragment “\(name)” spreads itself\(through).",
                at: closing.map { document.spreads[$0].spread.location } ?? document.fragments[cycle[0]].location)
        }
    }
}
