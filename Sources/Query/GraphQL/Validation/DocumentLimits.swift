import OrderedCollections

/// The limits that are measured on a parsed document (`Limits`), through all fragments.
///
/// - Returns: an error for each operation and limit that is passed.
func exceededLimits(
    _ document: TypedDocument, _ limits: Limits, _ report: inout ValidationReport
) -> [GraphQLError] {
    for set in document.directiveSets where set.directives.count > limits.directivesPerLocation {
        return [
            .limit(
                "One place has \(set.directives.count) directives; \(limits.directivesPerLocation) are allowed.",
                code: .tooManyDirectives, measured: set.directives.count, limit: limits.directivesPerLocation,
                locations: set.directives.prefix(1).map(\.location))
        ]
    }
    let order = document.fragmentOrder
    // Through a cycle nothing can be measured; the rule against cycles refuses the document.
    guard order.cycles.isEmpty else { return [] }
    var meter = DocumentMeter(document)
    for fragment in order.finished { meter.measure(fragment) }
    var errors: [GraphQLError] = []
    for (index, operation) in document.operations.enumerated() {
        let size = meter.size(ofSelectionSet: document.scopes[index].selectionSet)
        let rootFields = meter.rootFields(
            of: document.scopes[index].selectionSet, atMost: limits.rootFields, &report)
        func check(_ measured: Int, _ limit: Int, _ code: ErrorCode, _ message: String) {
            guard measured > limit, errors.count < limits.errors else { return }
            errors.append(
                .limit(message, code: code, measured: measured, limit: limit, locations: [operation.location]))
        }
        check(
            size.depth, limits.depth, .queryTooDeep,
            "The operation's fields are nested \(size.depth) deep; \(limits.depth) are allowed.")
        check(
            size.aliases, limits.aliases, .tooManyAliases,
            "The operation has \(size.aliases) aliases; \(limits.aliases) are allowed.")
        check(
            rootFields, limits.rootFields, .tooManyRootFields,
            "The operation has too many root fields; \(limits.rootFields) are allowed.")
        check(
            size.introspectionDepth, limits.introspectionDepth, .introspectionTooDeep,
            "Introspection is nested \(size.introspectionDepth) deep; \(limits.introspectionDepth) are allowed.")
        check(
            size.introspectionLists, limits.introspectionListDepth, .introspectionTooDeep,
            "Introspection nests \(size.introspectionLists) lists; \(limits.introspectionListDepth) are allowed.")
    }
    return errors
}

/// The size of what a selection set selects, fragments included.
private struct SelectionSize {
    /// Fields in fields, those below `__schema` and `__type` left out.
    var depth = 0
    /// Capped far below overflow: fragments multiply.
    var aliases = 0
    /// The same as depth, for introspection alone.
    var introspectionDepth = 0
    var introspectionLists = 0

    mutating func merge(_ other: SelectionSize) {
        depth = max(depth, other.depth)
        aliases = min(aliases + other.aliases, 1 << 40)
        introspectionDepth = max(introspectionDepth, other.introspectionDepth)
        introspectionLists = max(introspectionLists, other.introspectionLists)
    }
}

private struct DocumentMeter {
    let document: TypedDocument
    private var fragments: [SelectionSize]

    init(_ document: TypedDocument) {
        self.document = document
        fragments = Array(repeating: SelectionSize(), count: document.fragments.count)
    }

    /// Those that it spreads must have been measured.
    mutating func measure(_ fragment: Int) {
        fragments[fragment] = size(ofSelectionSet: document.fragmentScope(fragment).selectionSet)
    }

    /// Recursion is as deep as the parser let the text nest.
    func size(ofSelectionSet index: Int) -> SelectionSize {
        var size = SelectionSize()
        let isIntrospection = document.selectionSets[index].isIntrospection
        for entry in document.selectionSets[index].entries {
            switch document.entries[entry] {
            case .inline(let selectionSet): size.merge(self.size(ofSelectionSet: Int(selectionSet)))
            case .spread(let spread):
                if let fragment = document.spreads[Int(spread)].fragment { size.merge(fragments[fragment]) }
            case .field(let field):
                size.merge(self.size(ofField: Int(field), isInIntrospection: isIntrospection))
            }
        }
        return size
    }

    private func size(ofField index: Int, isInIntrospection: Bool) -> SelectionSize {
        var size = document.fields[index].selectionSet.map { self.size(ofSelectionSet: $0) } ?? SelectionSize()
        if document.fields[index].field.alias != nil { size.aliases = min(size.aliases + 1, 1 << 40) }
        let isIntrospection = document.fields[index].field.asksAboutSchema
        if isInIntrospection || isIntrospection {
            size.introspectionDepth += 1
            if isInIntrospection, Self.introspectionLists.contains(document.fields[index].field.name) {
                size.introspectionLists += 1
            }
            size.depth = isIntrospection ? 1 : 0
        } else {
            size.depth += 1
        }
        return size
    }

    private static let introspectionLists: Set<String> = ["fields", "inputFields", "interfaces", "possibleTypes"]

    /// How many fields a root selection set has, those with the same response key counted once; counting ends when
    /// there are too many. Each operation walks the fragments anew, so its steps are counted.
    func rootFields(of selectionSet: Int, atMost limit: Int, _ report: inout ValidationReport) -> Int {
        var keys: OrderedSet<String> = []
        var seen: OrderedSet<Int> = []
        var pending = [selectionSet]
        while let index = pending.popLast() {
            guard report.spend(document.selectionSets[index].entries.count) else { return keys.count }
            for entry in document.selectionSets[index].entries {
                switch document.entries[entry] {
                case .inline(let selectionSet): pending.append(Int(selectionSet))
                case .spread(let spread):
                    guard let fragment = document.spreads[Int(spread)].fragment, seen.append(fragment).inserted else {
                        continue
                    }
                    pending.append(document.fragmentScope(fragment).selectionSet)
                case .field(let field):
                    keys.append(document.fields[Int(field)].field.responseKey)
                    if keys.count > limit { return keys.count }
                }
            }
        }
        return keys.count
    }
}
