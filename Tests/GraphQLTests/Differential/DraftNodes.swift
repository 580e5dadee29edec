/// Every node of a draft by its kind, to pick from.
struct DraftNodes {
    private(set) var selectionSets: [DraftSelectionSet] = []
    private(set) var fields: [DraftField] = []
    private(set) var spreads: [DraftSpread] = []
    private(set) var inlineFragments: [DraftInlineFragment] = []
    private(set) var directives: [DraftDirective] = []
    private(set) var arguments: [DraftArgument] = []
    private(set) var objects: [DraftObject] = []

    init(_ draft: Draft) {
        for operation in draft.operations {
            for variable in operation.variables {
                add(variable.directives)
                if let value = variable.defaultValue { add(value) }
            }
            add(operation.directives)
            add(operation.selectionSet)
        }
        for fragment in draft.fragments {
            add(fragment.directives)
            add(fragment.selectionSet)
        }
    }

    private mutating func add(_ set: DraftSelectionSet) {
        selectionSets.append(set)
        for selection in set.selections {
            switch selection {
            case .field(let field):
                fields.append(field)
                for argument in field.arguments { add(argument) }
                add(field.directives)
                if let selectionSet = field.selectionSet { add(selectionSet) }
            case .spread(let spread):
                spreads.append(spread)
                add(spread.directives)
            case .inline(let fragment):
                inlineFragments.append(fragment)
                add(fragment.directives)
                add(fragment.selectionSet)
            }
        }
    }

    private mutating func add(_ directives: [DraftDirective]) {
        self.directives += directives
        for directive in directives {
            for argument in directive.arguments { add(argument) }
        }
    }

    private mutating func add(_ argument: DraftArgument) {
        arguments.append(argument)
        add(argument.value)
    }

    private mutating func add(_ value: DraftValue) {
        switch value {
        case .text, .variable: break
        case .list(let items): for item in items { add(item) }
        case .object(let object):
            objects.append(object)
            for field in object.fields { add(field) }
        }
    }
}
