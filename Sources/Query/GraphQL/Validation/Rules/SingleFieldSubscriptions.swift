import OrderedCollections

extension ValidationRule {
    /// [5.2.4.1 Single Root Field](https://spec.graphql.org/September2025/#sec-Single-Root-Field): a subscription has one root field,
    /// which is no introspection field, and no `@skip` or `@include` decides about it. Fragments that cannot apply to the
    /// root type add nothing to it.
    static let singleFieldSubscriptions = ValidationRule("SingleFieldSubscriptions") { document, report in
        guard document.schema.rootType(of: .subscription) != nil else { return }
        for operation in document.operations where operation.operationType == .subscription {
            let name = operation.name.map { "Subscription “\($0)”" } ?? "A subscription without name"
            let root = collectRootFields(of: operation, document, &report)
            if !root.conditions.isEmpty {
                report.add("\(name) must not use “@skip” or “@include” on its root selection.", at: root.conditions)
            }
            if root.fields.isEmpty {
                report.add("\(name) must select one root field.", at: operation.location)
            }
            if root.fields.count > 1 {
                report.add(
                    "\(name) must select only one root field.", at: Array(root.fields.values.dropFirst().joined()))
            }
            for (field, locations) in root.fields where BuiltInDefinitions.isReserved(root.names[field] ?? "") {
                report.add("\(name) must not select an introspection field.", at: locations)
            }
        }
    }
}

/// `CollectSubscriptionFields`: the fields of a root selection set by response key, with their names, and the places of
/// conditions on them.
private func collectRootFields(
    of operation: OperationDefinition, _ document: TypedDocument, _ report: inout ValidationReport
) -> (fields: OrderedDictionary<String, [SourceLocation]>, names: [String: String], conditions: [SourceLocation]) {
    var fields: OrderedDictionary<String, [SourceLocation]> = [:]
    var names: [String: String] = [:]
    var conditions: [SourceLocation] = []
    var seen: Set<Int> = []
    func note(_ directives: [Directive]) {
        conditions += directives.filter { $0.name == "skip" || $0.name == "include" }.map(\.location)
    }
    let root = document.schema.rootType(of: operation.operationType)
    func applies(_ typeCondition: String) -> Bool {
        root.map { document.schema.schema.isSubtype($0.name, of: typeCondition) } ?? true
    }
    var pending = [operation.selectionSet.selections[...]]
    while var selections = pending.popLast() {
        guard let selection = selections.popFirst() else { continue }
        // Each subscription walks the fragments anew.
        guard report.spend() else { break }
        pending.append(selections)
        switch selection {
        case .field(let field):
            note(field.directives)
            fields[field.responseKey, default: []].append(field.location)
            if names[field.responseKey] == nil || BuiltInDefinitions.isReserved(field.name) {
                names[field.responseKey] = field.name
            }
        case .fragmentSpread(let spread):
            note(spread.directives)
            guard let fragment = document.fragmentIndex[spread.name], seen.insert(fragment).inserted,
                applies(document.fragments[fragment].typeCondition)
            else { continue }
            pending.append(document.fragments[fragment].selectionSet.selections[...])
        case .inlineFragment(let fragment):
            note(fragment.directives)
            guard fragment.typeCondition.map(applies) ?? true else { continue }
            pending.append(fragment.selectionSet.selections[...])
        }
    }
    return (fields, names, conditions)
}
