import OrderedCollections

/// Walks a document's tree once, and lays it out as the lists of a `TypedDocument`.
struct DocumentLayout {
    let schema: VisibleSchema
    let operations: [OperationDefinition]
    let fragments: [FragmentDefinition]
    let fragmentIndex: OrderedDictionary<String, Int>
    let fragmentTypes: [NamedType?]

    private(set) var variables: [TypedVariable] = []
    private(set) var scopes: [Scope] = []
    private(set) var selectionSets: [TypedSelectionSet] = []
    private(set) var entries: [TypedSelectionSet.Entry] = []
    private(set) var fields: [TypedField] = []
    private(set) var fieldsWithArguments: [Int] = []
    private(set) var spreads: [TypedSpread] = []
    private(set) var inlineFragments: [TypedInlineFragment] = []
    private(set) var argumentSets: [ArgumentSet] = []
    private(set) var directiveSets: [DirectiveSet] = []
    private(set) var values = TypedValues()

    init(_ document: Document, schema: VisibleSchema) {
        self.schema = schema
        operations = document.operations
        fragments = document.definitions.compactMap { if case .fragment(let fragment) = $0 { fragment } else { nil } }
        fragmentTypes = fragments.map { schema.type(named: $0.typeCondition) }
        var fragmentIndex: OrderedDictionary<String, Int> = [:]
        for (index, fragment) in fragments.enumerated() where fragmentIndex[fragment.name] == nil {
            fragmentIndex[fragment.name] = index
        }
        self.fragmentIndex = fragmentIndex
        // Enough for a usual document, so that the lists need not grow.
        fields.reserveCapacity(128)
        entries.reserveCapacity(128)
        selectionSets.reserveCapacity(32)
        for operation in operations { addScope(of: operation) }
        for index in fragments.indices { addScope(ofFragment: index) }
    }

    var fragmentGraph: FragmentGraph {
        FragmentGraph(
            targets: scopes[operations.count...].map { scope in spreads[scope.spreads].compactMap(\.fragment) })
    }

    private mutating func addScope(of operation: OperationDefinition) {
        let (firstSpread, firstUse) = (spreads.count, values.variableUses.count)
        let firstVariable = variables.count
        let place: DirectiveLocation =
            switch operation.operationType {
            case .query: .query
            case .mutation: .mutation
            case .subscription: .subscription
            }
        for variable in operation.variableDefinitions {
            let type = schema.type(named: variable.type.namedType)
            variables.append(TypedVariable(name: variable.name, type: type))
            if let value = variable.defaultValue {
                values.add(value, type: variable.type, namedType: type, schema: schema)
            }
            add(variable.directives, at: .variableDefinition)
        }
        add(operation.directives, at: place)
        let root = schema.rootType(of: operation.operationType).map(NamedType.object)
        let selectionSet = add(operation.selectionSet, on: root)
        scopes.append(
            Scope(
                selectionSet: selectionSet, spreads: firstSpread..<spreads.count,
                variableUses: firstUse..<values.variableUses.count, variables: firstVariable..<variables.count))
    }

    private mutating func addScope(ofFragment index: Int) {
        let (firstSpread, firstUse) = (spreads.count, values.variableUses.count)
        let fragment = fragments[index]
        add(fragment.directives, at: .fragmentDefinition)
        let selectionSet = add(fragment.selectionSet, on: fragmentTypes[index]?.ifComposite)
        scopes.append(
            Scope(
                selectionSet: selectionSet, spreads: firstSpread..<spreads.count,
                variableUses: firstUse..<values.variableUses.count, variables: variables.count..<variables.count))
    }

    /// Recursion is as deep as the parser let the text nest.
    private mutating func add(_ selectionSet: SelectionSet, on parent: NamedType?) -> Int {
        let index = selectionSets.count
        let isIntrospection = parent.map { BuiltInDefinitions.isReserved($0.name) } ?? false
        let first = entries.count
        selectionSets.append(
            TypedSelectionSet(
                parentType: parent, isIntrospection: isIntrospection,
                entries: first..<first + selectionSet.selections.count))
        // The places are taken now, because what stands in between takes its own.
        entries.append(contentsOf: repeatElement(.field(-1), count: selectionSet.selections.count))
        for (entry, selection) in zip(first..., selectionSet.selections) {
            switch selection {
            case .field(let field): entries[entry] = .field(Int32(add(field, in: index, on: parent)))
            case .fragmentSpread(let spread):
                add(spread.directives, at: .fragmentSpread)
                entries[entry] = .spread(Int32(spreads.count))
                spreads.append(
                    TypedSpread(spread: spread, parentType: parent, fragment: fragmentIndex[spread.name]))
            case .inlineFragment(let fragment):
                add(fragment.directives, at: .inlineFragment)
                let condition = fragment.typeCondition.flatMap { schema.type(named: $0) }
                inlineFragments.append(
                    TypedInlineFragment(fragment: fragment, parentType: parent, conditionType: condition))
                let type = fragment.typeCondition == nil ? parent : condition?.ifComposite
                entries[entry] = .inline(Int32(add(fragment.selectionSet, on: type)))
            }
        }
        return index
    }

    private mutating func add(_ field: Field, in selectionSet: Int, on parent: NamedType?) -> Int {
        let index = fields.count
        let definition = parent.flatMap { schema.field(named: field.name, of: $0) }
        // Who sees a field sees its type.
        let type = definition.flatMap { schema.schema.type(of: $0) }
        fields.append(TypedField(field: field, parent: selectionSet, definition: definition, kind: Self.kind(of: type)))
        if !field.arguments.isEmpty { fieldsWithArguments.append(index) }
        if let definition {
            if !field.arguments.isEmpty || definition.hasRequiredArguments {
                addArguments(
                    ArgumentSet(
                        owner: .field(index), arguments: field.arguments, definitions: definition.arguments,
                        location: field.location))
            }
        } else {
            for argument in field.arguments { values.add(argument.value, for: nil, schema: schema) }
        }
        add(field.directives, at: .field)
        if let selectionSet = field.selectionSet {
            fields[index].selectionSet = add(selectionSet, on: type?.ifComposite)
        }
        return index
    }

    private static func kind(of type: NamedType?) -> TypedField.Kind {
        switch type {
        case .scalar, .enumeration: .leaf
        case .object, .interface, .union: .composite
        // No field of a valid schema has an input type.
        case .inputObject, nil: .unknown
        }
    }

    private mutating func add(_ directives: [Directive], at place: DirectiveLocation) {
        guard !directives.isEmpty else { return }
        directiveSets.append(DirectiveSet(place: place, directives: directives))
        for directive in directives {
            if let definition = schema.directive(named: directive.name) {
                addArguments(
                    ArgumentSet(
                        owner: .directive(directive.name), arguments: directive.arguments,
                        definitions: definition.arguments, location: directive.location))
            } else {
                for argument in directive.arguments { values.add(argument.value, for: nil, schema: schema) }
            }
        }
    }

    private mutating func addArguments(_ set: ArgumentSet) {
        if !set.arguments.isEmpty || !set.definitions.isEmpty { argumentSets.append(set) }
        for argument in set.arguments {
            let definition = schema.argument(named: argument.name, among: set.definitions)
            values.add(argument.value, for: definition, schema: schema)
        }
    }
}

extension NamedType {
    /// The type itself if it has fields to select.
    fileprivate var ifComposite: NamedType? { isComposite ? self : nil }
}
