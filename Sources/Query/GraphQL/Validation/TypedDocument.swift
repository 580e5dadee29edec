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
    let fragmentIndex: OrderedDictionary<String, Int>
    /// What the fragments are on; `nil` where the schema has no such type.
    let fragmentTypes: [NamedType?]
    /// Of the operations, one after the other.
    fileprivate(set) var variables: [TypedVariable] = []

    /// Of the operations, then of the fragments.
    fileprivate(set) var scopes: [Scope] = []
    fileprivate(set) var selectionSets: [TypedSelectionSet] = []
    /// What the selection sets hold; those of one set stand together.
    fileprivate(set) var entries: [TypedSelectionSet.Entry] = []
    fileprivate(set) var fields: [TypedField] = []
    /// Those among the fields that are given arguments.
    fileprivate(set) var fieldsWithArguments: [Int] = []
    fileprivate(set) var spreads: [TypedSpread] = []
    fileprivate(set) var inlineFragments: [TypedInlineFragment] = []
    fileprivate(set) var argumentSets: [ArgumentSet] = []
    fileprivate(set) var directiveSets: [DirectiveSet] = []
    fileprivate(set) var values = TypedValues()
    /// How fragments spread each other.
    private(set) var fragmentOrder = FragmentOrder()

    func fragmentScope(_ fragment: Int) -> Scope { scopes[operations.count + fragment] }

    init(_ document: Document, schema: Schema, options: ValidationOptions) {
        self.document = document
        self.schema = VisibleSchema(schema, options.visibility)
        operations = document.operations
        fragments = document.definitions.compactMap { if case .fragment(let fragment) = $0 { fragment } else { nil } }
        let visible = self.schema
        fragmentTypes = fragments.map { visible.type(named: $0.typeCondition) }
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
        fragmentOrder = FragmentGraph(self).order
    }
}

/// What belongs to one operation or fragment definition, as ranges of the flat lists.
struct Scope {
    /// The outermost selection set.
    let selectionSet: Int
    let spreads: Range<Int>
    let variableUses: Range<Int>
    let variables: Range<Int>
}

/// What most rules ask of a variable's definition.
struct TypedVariable {
    let name: String
    /// The named type; `nil` where the schema has no such type.
    let type: NamedType?
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
    /// Of `TypedDocument.entries`.
    let entries: Range<Int>
}

/// Rules go over fields by index: looking at one then copies nothing.
struct TypedField {
    let field: FieldOutline
    /// The selection set that it stands in.
    let parent: Int
    /// `nil` where the parent type is unknown or has no such field.
    let definition: FieldDefinition?
    /// The named type of the definition.
    let type: NamedType?
    fileprivate(set) var selectionSet: Int?
}

/// What rules ask of a field's text; copying the whole of it would be most of the work of laying out.
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

    /// Whether it is one of the two fields that lead into the schema.
    var asksAboutSchema: Bool { BuiltInDefinitions.isReserved(name) && (name == "__schema" || name == "__type") }
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
    /// `nil` where it has no condition, or the schema no such type.
    let conditionType: NamedType?
}

/// A class, so that each rule takes one reference instead of copying all of it.
final class ArgumentSet {
    enum Owner {
        case field(Int)
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

    /// The type that a field stands on; `nil` where the schema has no such type.
    func parentType(of field: Int) -> NamedType? {
        selectionSets[fields[field].parent].parentType
    }

    /// An operation's variables, in the order of their definitions.
    func variables(of operation: Int) -> ArraySlice<TypedVariable> {
        variables[scopes[operation].variables]
    }

    /// As messages call a field or directive.
    func description(of owner: ArgumentSet.Owner) -> String {
        switch owner {
        case .field(let field): "Field “\(parentType(of: field)?.name ?? "").\(fields[field].field.name)”"
        case .directive(let name): "Directive “@\(name)”"
        }
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
            let type = self.type(named: variable.type.namedType)
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
        entries.append(contentsOf: repeatElement(.field(0), count: selectionSet.selections.count))
        for (entry, selection) in zip(first..., selectionSet.selections) {
            switch selection {
            case .field(let field): entries[entry] = .field(add(field, in: index, on: parent))
            case .fragmentSpread(let spread):
                add(spread.directives, at: .fragmentSpread)
                entries[entry] = .spread(spreads.count)
                spreads.append(
                    TypedSpread(spread: spread, parentType: parent, fragment: fragmentIndex[spread.name]))
            case .inlineFragment(let fragment):
                add(fragment.directives, at: .inlineFragment)
                let condition = fragment.typeCondition.flatMap { self.type(named: $0) }
                inlineFragments.append(
                    TypedInlineFragment(fragment: fragment, parentType: parent, conditionType: condition))
                let type = fragment.typeCondition == nil ? parent : condition?.ifComposite
                entries[entry] = .inline(add(fragment.selectionSet, on: type))
            }
        }
        return index
    }

    private mutating func add(_ field: Field, in selectionSet: Int, on parent: NamedType?) -> Int {
        let index = fields.count
        let definition = parent.flatMap { schema.field(named: field.name, of: $0) }
        // Who sees a field sees its type.
        let type = definition.flatMap { schema.schema.type(of: $0) }
        fields.append(
            TypedField(field: FieldOutline(field), parent: selectionSet, definition: definition, type: type))
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
