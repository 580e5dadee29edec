package import OrderedCollections

/// `CollectFields` of the specification, section 6.3.2: the fields that a value of one object type answers, grouped
/// by response key, in the order of their first appearance.
///
/// Arguments stay as they are written; nothing but the conditions of `@skip` and `@include` is looked up. So one result
/// serves all requests that agree in those conditions.
///
/// - Parameters:
///   - selectionSets: one, or those of all fields that share a response key (`MergeSelectionSets`).
///   - objectType: the name of an object type of the schema.
///   - condition: the value of a variable that stands in an `if` of `@skip` or `@include`.
package func collectFields(
    _ selectionSets: [SelectionSet], on objectType: String, schema: Schema,
    fragments: [String: FragmentDefinition], condition: (_ variable: String) -> Bool
) -> OrderedDictionary<String, [Field]> {
    var fields: OrderedDictionary<String, [Field]> = [:]
    var visited: Set<String> = []
    // A stack of our own: a chain of ten thousand fragments must not become ten thousand calls.
    var pending = selectionSets.reversed().map { $0.selections[...] }
    while var selections = pending.popLast() {
        guard let selection = selections.popFirst() else { continue }
        if !selections.isEmpty { pending.append(selections) }
        switch selection {
        case .field(let field):
            guard isIncluded(field.directives, condition) else { continue }
            fields[field.responseKey, default: []].append(field)
        case .fragmentSpread(let spread):
            guard isIncluded(spread.directives, condition), visited.insert(spread.name).inserted,
                let fragment = fragments[spread.name], schema.isSubtype(objectType, of: fragment.typeCondition)
            else { continue }
            pending.append(fragment.selectionSet.selections[...])
        case .inlineFragment(let fragment):
            guard isIncluded(fragment.directives, condition) else { continue }
            if let typeCondition = fragment.typeCondition, !schema.isSubtype(objectType, of: typeCondition) {
                continue
            }
            pending.append(fragment.selectionSet.selections[...])
        }
    }
    return fields
}

/// Whether `@skip` and `@include` leave a selection in (specification, sections 3.13.1 and 3.13.2).
package func isIncluded(_ directives: [Directive], _ condition: (_ variable: String) -> Bool) -> Bool {
    for directive in directives where directive.name == "skip" || directive.name == "include" {
        let isTrue: Bool
        switch directive.argument("if")?.kind {
        case .boolean(let value): isTrue = value
        case .variable(let name): isTrue = condition(name)
        default: continue
        }
        if isTrue == (directive.name == "skip") { return false }
    }
    return true
}

extension Document {
    /// The variables that stand in an `if` of `@skip` or `@include` in the operation and the fragments that it reaches, in
    /// order: a plan depends on these variables' values and on no others. Another operation's variables may bear the same
    /// names and mean something else.
    package func conditionVariables(of operation: OperationDefinition) -> OrderedSet<String> {
        let fragments = self.fragments
        var visited: Set<String> = []
        var names: OrderedSet<String> = []
        func note(_ directives: [Directive]) {
            for directive in directives where directive.name == "skip" || directive.name == "include" {
                if let name = directive.argument("if")?.variableName { names.append(name) }
            }
        }
        var pending = [operation.selectionSet.selections[...]]
        while var selections = pending.popLast() {
            guard let selection = selections.popFirst() else { continue }
            pending.append(selections)
            switch selection {
            case .field(let field):
                note(field.directives)
                if let selectionSet = field.selectionSet { pending.append(selectionSet.selections[...]) }
            case .fragmentSpread(let spread):
                note(spread.directives)
                guard visited.insert(spread.name).inserted, let fragment = fragments[spread.name] else { continue }
                pending.append(fragment.selectionSet.selections[...])
            case .inlineFragment(let fragment):
                note(fragment.directives)
                pending.append(fragment.selectionSet.selections[...])
            }
        }
        return names
    }
}
