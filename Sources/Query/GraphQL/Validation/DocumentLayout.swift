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
    private(set) var responseKeys: ResponseKeys
    private let numbers: SchemaNumbers

    init(_ document: Document, schema: VisibleSchema) {
        self.schema = schema
        numbers = schema.schema.numbers
        responseKeys = ResponseKeys(schema.schema)
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
        let root = schema.rootType(of: operation.operationType).flatMap { schema.schema.types.index(forKey: $0.name) }
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
        let selectionSet = add(fragment.selectionSet, on: compositeType(named: fragment.typeCondition))
        scopes.append(
            Scope(
                selectionSet: selectionSet, spreads: firstSpread..<spreads.count,
                variableUses: firstUse..<values.variableUses.count, variables: variables.count..<variables.count))
    }

    /// The number of a type that has fields to select.
    private func compositeType(named name: String) -> Int? {
        schema.typeNumber(named: name).flatMap { numbers.types[$0].isComposite ? $0 : nil }
    }

    /// Recursion is as deep as the parser let the text nest.
    ///
    /// - Parameter parent: the number of a composite type; `nil` where it is not known.
    private mutating func add(_ selectionSet: SelectionSet, on parent: Int?) -> Int {
        let index = selectionSets.count
        let first = entries.count
        let count = selectionSet.selections.count
        selectionSets.append(
            TypedSelectionSet(
                parentType: parent, isIntrospection: parent.map { numbers.isIntrospection[$0] } ?? false,
                entries: first..<first + count))
        // The places are taken now, because what stands in between takes its own.
        entries.append(contentsOf: repeatElement(.field(-1), count: count))
        for place in 0..<count {
            entries[first + place] =
                switch selectionSet.selections[place] {
                case .field(let field): .field(Int32(add(field, in: index, on: parent)))
                case .fragmentSpread(let spread): .spread(Int32(add(spread, on: parent)))
                case .inlineFragment(let fragment): .inline(Int32(add(fragment, on: parent)))
                }
        }
        return index
    }

    private mutating func add(_ spread: FragmentSpread, on parent: Int?) -> Int {
        add(spread.directives, at: .fragmentSpread)
        spreads.append(
            TypedSpread(
                spread: spread, parentType: parent.map { numbers.types[$0] }, fragment: fragmentIndex[spread.name]))
        return spreads.count - 1
    }

    /// - Returns: its selection set.
    private mutating func add(_ fragment: InlineFragment, on parent: Int?) -> Int {
        add(fragment.directives, at: .inlineFragment)
        let condition = fragment.typeCondition.flatMap { schema.type(named: $0) }
        inlineFragments.append(
            TypedInlineFragment(
                fragment: fragment, parentType: parent.map { numbers.types[$0] }, conditionType: condition))
        return add(
            fragment.selectionSet, on: fragment.typeCondition.map { compositeType(named: $0) } ?? parent)
    }

    private mutating func add(_ field: Field, in selectionSet: Int, on parent: Int?) -> Int {
        let index = fields.count
        let number = parent.flatMap { schema.field(named: field.name, ofType: $0) }
        // Who sees a field sees its type.
        let type = number.map { numbers.fieldTypes[$0] } ?? -1
        let isComposite = type >= 0 && numbers.isComposite[Int(type)]
        let key: Int
        if field.alias == nil, let number {
            key = Int(numbers.nameNumbers[number])
        } else {
            key = responseKeys.number(field.responseKey)
        }
        fields.append(
            TypedField(
                field: field, parent: selectionSet, definition: number,
                kind: type < 0 ? .unknown : isComposite ? .composite : .leaf, responseKey: key))
        if !field.arguments.isEmpty { fieldsWithArguments.append(index) }
        if let number {
            if !field.arguments.isEmpty || numbers.hasRequiredArguments[number] {
                addArguments(
                    ArgumentSet(
                        owner: .field(index), arguments: field.arguments,
                        definitions: numbers.fields[number].arguments, location: field.location))
            }
        } else {
            for argument in field.arguments { values.add(argument.value, for: nil, schema: schema) }
        }
        add(field.directives, at: .field)
        if let selectionSet = field.selectionSet {
            fields[index].selectionSet = add(selectionSet, on: isComposite ? Int(type) : nil)
        }
        return index
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
