import OrderedCollections

/// Validates an executable document (specification, section 5), limits first.
///
/// - Returns: the errors by their place; empty for a valid document. A limit that is passed is the only error told.
package func validate(
    _ document: Document, against schema: Schema, options: ValidationOptions = ValidationOptions()
) -> [GraphQLError] {
    let typed = TypedDocument(document, schema: schema, options: options)
    var report = ValidationReport(options: options)
    let exceeded = exceededLimits(typed, options.limits, &report)
    guard exceeded.isEmpty else { return exceeded }
    if let error = report.costError { return [error] }
    for rule in specifiedRules {
        report.rule = rule.name
        rule.check(typed, &report)
        if let error = report.costError { return [error] }
    }
    return report.sortedErrors
}

/// One rule of section 5.
package struct ValidationRule: Sendable {
    /// As the reference implementation calls it; goes into `extensions.rule`.
    package let name: String
    let check: @Sendable (TypedDocument, inout ValidationReport) -> Void

    init(_ name: String, _ check: @escaping @Sendable (TypedDocument, inout ValidationReport) -> Void) {
        self.name = name
        self.check = check
    }
}

/// Every rule, in the order of the specification.
package let specifiedRules: [ValidationRule] = [
    .executableDefinitions,
    .knownOperationTypes,
    .uniqueOperationNames,
    .loneAnonymousOperation,
    .singleFieldSubscriptions,
    .fieldsOnCorrectType,
    .overlappingFieldsCanBeMerged,
    .scalarLeafs,
    .knownArgumentNames,
    .uniqueArgumentNames,
    .providedRequiredArguments,
    .uniqueFragmentNames,
    .knownTypeNames,
    .fragmentsOnCompositeTypes,
    .noUnusedFragments,
    .knownFragmentNames,
    .noFragmentCycles,
    .possibleFragmentSpreads,
    .valuesOfCorrectType,
    .knownInputFieldNames,
    .uniqueInputFieldNames,
    .providedRequiredInputFields,
    .knownDirectives,
    .directivesInValidLocations,
    .uniqueDirectivesPerLocation,
    .uniqueVariableNames,
    .variablesAreInputTypes,
    .noUndefinedVariables,
    .noUnusedVariables,
    .variablesInAllowedPosition,
    .introspectionIsEnabled,
]

/// What rules write into.
struct ValidationReport {
    let options: ValidationOptions
    var rule = ""
    private var errors: [GraphQLError] = []
    private var steps = 0
    /// By operation, the scopes that it reaches: found once, for all rules that ask.
    var reachableScopes: [Int: [Scope]] = [:]

    init(options: ValidationOptions) {
        self.options = options
    }

    mutating func add(_ message: String, at locations: [SourceLocation], code: ErrorCode = .validationFailed) {
        guard errors.count < options.limits.errors else { return }
        errors.append(
            GraphQLError(
                message, code: code, locations: locations.filter { $0 != .none },
                extensions: ["rule": .string(rule)]))
    }

    mutating func add(_ message: String, at location: SourceLocation) {
        add(message, at: [location])
    }

    /// Whether more errors would be lost, so that a rule may stop.
    var isFull: Bool { errors.count >= options.limits.errors }

    /// Counts work that is not linear in the document.
    ///
    /// - Returns: `false` once there has been too much; the rule then stops at once.
    mutating func spend(_ count: Int = 1) -> Bool {
        steps += count
        return steps <= options.limits.validationSteps
    }

    var costError: GraphQLError? {
        guard steps > options.limits.validationSteps else { return nil }
        return .limit(
            "The document takes too many steps to validate: its fragments repeat too much.",
            code: .validationTooCostly, measured: steps, limit: options.limits.validationSteps)
    }

    var sortedErrors: [GraphQLError] {
        errors.enumerated().sorted { left, right in
            let places = (left.element.locations.first ?? .none, right.element.locations.first ?? .none)
            return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
        }.map(\.element)
    }

    /// “ Did you mean “a” or “b”?”, or nothing.
    func suggestion(for name: String, among names: some Sequence<String>) -> String {
        options.suggestions ? didYouMean(name, names) : ""
    }
}
