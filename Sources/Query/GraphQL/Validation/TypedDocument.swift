import OrderedCollections

/// A document laid out flat, each node beside the types that the schema gives its place. Rules read these lists instead
/// of walking the tree, and refer to nodes by index.
struct TypedDocument {
    let document: Document
    /// As the caller may know it.
    let schema: VisibleSchema
    let operations: [OperationDefinition]
    let fragments: [FragmentDefinition]
    /// The first fragment of each name.
    let fragmentIndex: [String: Int]

    /// Of the operations, then of the fragments.
    fileprivate(set) var scopes: [Scope] = []
    fileprivate(set) var selectionSets: [TypedSelectionSet] = []
    fileprivate(set) var fields: [TypedField] = []
    /// Those among the fields that are given arguments.
    fileprivate(set) var fieldsWithArguments: [Int] = []
    fileprivate(set) var spreads: [TypedSpread] = []
    fileprivate(set) var inlineFragments: [TypedInlineFragment] = []
    fileprivate(set) var argumentSets: [ArgumentSet] = []
    fileprivate(set) var directiveSets: [DirectiveSet] = []
    fileprivate(set) var values = TypedValues()

    func fragmentScope(_ fragment: Int) -> Scope { scopes[operations.count + fragment] }

    init(_ document: Document, schema: Schema, options: ValidationOptions) {
        self.document = document
        self.schema = VisibleSchema(schema, options.visibility)
        operations = document.operations
        fragments = document.definitions.compactMap { if case .fragment(let fragment) = $0 { fragment } else { nil } }
        fragmentIndex = Dictionary(fragments.enumerated().map { ($1.name, $0) }) { first, _ in first }
        for operation in operations { addScope(of: operation) }
        for fragment in fragments { addScope(of: fragment) }
    }
}

/// What belongs to one operation or fragment definition, as ranges of the flat lists.
struct Scope {
    /// The outermost selection set.
    let selectionSet: Int
    let spreads: Range<Int>
    let variableUses: Range<Int>
}

struct TypedSelectionSet {
    enum Entry {
        case field(Int)
        case spread(Int)
        /// The selection set of an inline fragment.
        case inline(Int)
    }

    /// `nil` where the schema has no such type; then nothing below can be judged.
    let parentType: NamedType?
    /// Whether it asks about the schema: its type is one of introspection.
    let isIntrospection: Bool
    fileprivate(set) var entries: [Entry]
}

/// A class, because nearly every rule goes over all fields: so each step takes one reference instead of copying a field.
final class TypedField {
    let field: FieldOutline
    let parentType: NamedType?
    /// `nil` where the parent type is unknown or has no such field.
    let definition: FieldDefinition?
    /// The named type of the definition.
    let type: NamedType?
    fileprivate(set) var selectionSet: Int?

    init(field: Field, parentType: NamedType?, definition: FieldDefinition?, type: NamedType?) {
        self.field = FieldOutline(field)
        self.parentType = parentType
        self.definition = definition
        self.type = type
    }
}

/// What rules ask of a field's text. Copying less than the whole of it is a third of the work of laying out.
struct FieldOutline {
    let alias: String?
    let name: String
    let arguments: [Argument]
    let location: SourceLocation
    let selectionSetLocation: SourceLocation?

    init(_ field: Field) {
        alias = field.alias
        name = field.name
        arguments = field.arguments
        location = field.location
        selectionSetLocation = field.selectionSet?.location
    }

    var responseKey: String { alias ?? name }
}

struct TypedSpread {
    let spread: FragmentSpread
    let parentType: NamedType?
    /// `nil` where no fragment has the name.
    let fragment: Int?
}

struct TypedInlineFragment {
    let fragment: InlineFragment
    let parentType: NamedType?
}

/// A class for the same reason as `TypedField`.
final class ArgumentSet {
    enum Owner {
        case field(TypedField)
        case directive(String)
    }

    let owner: Owner
    let arguments: [Argument]
    /// All that the schema has; rules look at those that the caller may know of.
    let definitions: OrderedDictionary<String, InputValueDefinition>
    let location: SourceLocation

    init(
        owner: Owner, arguments: [Argument], definitions: OrderedDictionary<String, InputValueDefinition>,
        location: SourceLocation
    ) {
        self.owner = owner
        self.arguments = arguments
        self.definitions = definitions
        self.location = location
    }

    /// As messages call the owner.
    var description: String {
        switch owner {
        case .field(let field): "Field “\(field.parentType?.name ?? "").\(field.field.name)”"
        case .directive(let name): "Directive “@\(name)”"
        }
    }
}

struct DirectiveSet {
    let place: DirectiveLocation
    let directives: [Directive]
}

// MARK: Laying out

extension TypedDocument {
    func type(named name: String) -> NamedType? {
        schema.type(named: name)
    }

    private mutating func addScope(of operation: OperationDefinition) {
        let (firstSpread, firstUse) = (spreads.count, values.variableUses.count)
        let place: DirectiveLocation =
            switch operation.operationType {
            case .query: .query
            case .mutation: .mutation
            case .subscription: .subscription
            }
        for variable in operation.variableDefinitions {
            if let value = variable.defaultValue { values.add(value, type: variable.type, schema: schema) }
            add(variable.directives, at: .variableDefinition)
        }
        add(operation.directives, at: place)
        let root = schema.rootType(of: operation.operationType).map(NamedType.object)
        let selectionSet = add(operation.selectionSet, on: root)
        scopes.append(
            Scope(
                selectionSet: selectionSet, spreads: firstSpread..<spreads.count,
                variableUses: firstUse..<values.variableUses.count))
    }

    private mutating func addScope(of fragment: FragmentDefinition) {
        let (firstSpread, firstUse) = (spreads.count, values.variableUses.count)
        add(fragment.directives, at: .fragmentDefinition)
        let selectionSet = add(fragment.selectionSet, on: compositeType(named: fragment.typeCondition))
        scopes.append(
            Scope(
                selectionSet: selectionSet, spreads: firstSpread..<spreads.count,
                variableUses: firstUse..<values.variableUses.count))
    }

    private func compositeType(named name: String) -> NamedType? {
        type(named: name).flatMap { $0.isComposite ? $0 : nil }
    }

    /// Recursion is as deep as the parser let the text nest.
    private mutating func add(_ selectionSet: SelectionSet, on parent: NamedType?) -> Int {
        let index = selectionSets.count
        let isIntrospection = parent.map { BuiltInDefinitions.isReserved($0.name) } ?? false
        selectionSets.append(TypedSelectionSet(parentType: parent, isIntrospection: isIntrospection, entries: []))
        var entries: [TypedSelectionSet.Entry] = []
        entries.reserveCapacity(selectionSet.selections.count)
        for selection in selectionSet.selections {
            switch selection {
            case .field(let field): entries.append(.field(add(field, on: parent)))
            case .fragmentSpread(let spread):
                add(spread.directives, at: .fragmentSpread)
                entries.append(.spread(spreads.count))
                spreads.append(
                    TypedSpread(spread: spread, parentType: parent, fragment: fragmentIndex[spread.name]))
            case .inlineFragment(let fragment):
                add(fragment.directives, at: .inlineFragment)
                inlineFragments.append(TypedInlineFragment(fragment: fragment, parentType: parent))
                let type = fragment.typeCondition.map { compositeType(named: $0) } ?? parent
                entries.append(.inline(add(fragment.selectionSet, on: type)))
            }
        }
        selectionSets[index].entries = entries
        return index
    }

    private mutating func add(_ field: Field, on parent: NamedType?) -> Int {
        let index = fields.count
        let definition = parent.flatMap { schema.field(named: field.name, of: $0) }
        let type = definition.flatMap { schema.type(of: $0) }
        let typed = TypedField(field: field, parentType: parent, definition: definition, type: type)
        fields.append(typed)
        if !field.arguments.isEmpty { fieldsWithArguments.append(index) }
        if let definition {
            if !field.arguments.isEmpty || definition.hasRequiredArguments {
                addArguments(
                    ArgumentSet(
                        owner: .field(typed), arguments: field.arguments, definitions: definition.arguments,
                        location: field.location))
            }
        } else {
            for argument in field.arguments { values.add(argument.value, type: nil, schema: schema) }
        }
        add(field.directives, at: .field)
        if let selectionSet = field.selectionSet {
            typed.selectionSet = add(selectionSet, on: type.flatMap { $0.isComposite ? $0 : nil })
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
                for argument in directive.arguments { values.add(argument.value, type: nil, schema: schema) }
            }
        }
    }

    private mutating func addArguments(_ set: ArgumentSet) {
        if !set.arguments.isEmpty || !set.definitions.isEmpty { argumentSets.append(set) }
        for argument in set.arguments {
            let definition = schema.argument(named: argument.name, among: set.definitions)
            values.add(
                argument.value, type: definition?.type, hasDefault: definition?.defaultValue != nil, schema: schema)
        }
    }
}
