extension ValidationRule {
    /// [5.5.2.1 Fragment Spread Target Defined](https://spec.graphql.org/September2025/#sec-Fragment-Spread-Target-Defined): a fragment that is spread
    /// is defined.
    static let knownFragmentNames = ValidationRule("KnownFragmentNames") { document, report in
        for spread in document.spreads where spread.fragment == nil {
            report.add("There is no fragment “\(spread.spread.name)”.", at: spread.spread.location)
        }
    }
}
