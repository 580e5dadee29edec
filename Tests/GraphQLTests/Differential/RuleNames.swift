/// Where the two sides name or divide rules differently.
enum RuleNames {
    /// The name that graphql-core has for a rule of ours. All others are called alike.
    static let reference: [String: String] = [
        // Sections 5.6.2 and 5.6.4 are rules of their own; graphql-core judges an input object's fields with its value.
        "KnownInputFieldNames": "ValuesOfCorrectType",
        "ProvidedRequiredInputFields": "ValuesOfCorrectType",
        // Section 5.7.2 is a rule of its own; graphql-core judges the place with the existence of the directive.
        "DirectivesInValidLocations": "KnownDirectives",
    ]

    /// Rules of ours that no document of the corpus can break.
    static let unreached: Set<String> = [
        // Not of the specification: a switch of ours, which is off here.
        "IntrospectionIsEnabled"
    ]

    /// Rules of graphql-core that are not of the September 2025 edition. Ours has no counterpart, and no document of
    /// the corpus may break them, or the comparison would have to leave them out.
    static let notOfTheEdition: Set<String> = [
        "DeferStreamDirectiveOnRootField", "DeferStreamDirectiveOnValidOperations", "DeferStreamDirectiveLabel",
        "StreamDirectiveOnListField", "MaxIntrospectionDepth",
    ]
}
