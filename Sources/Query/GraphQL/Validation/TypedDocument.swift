import OrderedCollections

/// A document laid out flat (`DocumentLayout`), each node beside the types that the schema gives its place. Rules read
/// these lists instead of walking the tree, and refer to nodes by index.
///
/// A class, so that who holds it takes one reference instead of one for each list.
final class TypedDocument {
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
    let variables: [TypedVariable]

    /// Of the operations, then of the fragments.
    let scopes: [Scope]
    let selectionSets: [TypedSelectionSet]
    /// What the selection sets hold; those of one set stand together.
    let entries: [TypedSelectionSet.Entry]
    let fields: [TypedField]
    /// Those among the fields that are given arguments.
    let fieldsWithArguments: [Int]
    let spreads: [TypedSpread]
    let inlineFragments: [TypedInlineFragment]
    let argumentSets: [ArgumentSet]
    let directiveSets: [DirectiveSet]
    let values: TypedValues
    let responseKeys: ResponseKeys
    /// How fragments spread each other.
    let fragmentOrder: FragmentOrder

    init(_ document: Document, schema: Schema, options: ValidationOptions) {
        let layout = DocumentLayout(document, schema: VisibleSchema(schema, options.visibility))
        self.document = document
        self.schema = layout.schema
        operations = layout.operations
        fragments = layout.fragments
        fragmentIndex = layout.fragmentIndex
        fragmentTypes = layout.fragmentTypes
        variables = layout.variables
        scopes = layout.scopes
        selectionSets = layout.selectionSets
        entries = layout.entries
        fields = layout.fields
        fieldsWithArguments = layout.fieldsWithArguments
        spreads = layout.spreads
        inlineFragments = layout.inlineFragments
        argumentSets = layout.argumentSets
        directiveSets = layout.directiveSets
        values = layout.values
        responseKeys = layout.responseKeys
        fragmentOrder = layout.fragmentGraph.order
    }

    func fragmentScope(_ fragment: Int) -> Scope { scopes[operations.count + fragment] }

    func type(named name: String) -> NamedType? {
        schema.type(named: name)
    }

    /// What a selection set selects from; `nil` where the schema has no such type.
    func parentType(ofSelectionSet selectionSet: Int) -> NamedType? {
        selectionSets[selectionSet].parentType.map { schema.schema.numbers.types[$0] }
    }

    /// The type that a field stands on; `nil` where the schema has no such type.
    func parentType(of field: Int) -> NamedType? {
        parentType(ofSelectionSet: fields[field].parent)
    }

    /// `nil` where the parent type is unknown or has no such field.
    func definition(of field: Int) -> FieldDefinition? {
        fields[field].definition.map { schema.schema.numbers.fields[$0] }
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
    /// What stands at one place, by its index in its list. Documents have very many: eight bytes each.
    enum Entry {
        case field(Int32)
        case spread(Int32)
        /// The selection set of an inline fragment.
        case inline(Int32)
    }

    private let storedParentType: Int32
    private let firstEntry: Int32
    private let entryCount: Int32
    /// Whether it asks about the schema: its type is one of introspection.
    let isIntrospection: Bool

    init(parentType: Int?, isIntrospection: Bool, entries: Range<Int>) {
        storedParentType = parentType.map { Int32($0) } ?? -1
        firstEntry = Int32(entries.lowerBound)
        entryCount = Int32(entries.count)
        self.isIntrospection = isIntrospection
    }

    /// By its number; `nil` where the schema has no such type: then nothing below can be judged.
    var parentType: Int? { storedParentType < 0 ? nil : Int(storedParentType) }

    /// Of `TypedDocument.entries`.
    var entries: Range<Int> { Int(firstEntry)..<Int(firstEntry + entryCount) }
}

/// Rules go over fields by index: looking at one then copies nothing, and nothing in it is counted.
struct TypedField {
    /// What is asked of the named type of a field.
    enum Kind {
        /// There is no such field, or nothing is known of where it stands.
        case unknown
        /// It has no fields.
        case leaf
        case composite
    }

    /// Part of `TypedDocument.document`, which keeps it.
    unowned(unsafe) let field: Field
    private let storedDefinition: Int32
    private let storedParent: Int32
    private var storedSelectionSet: Int32 = -1
    private let storedKey: Int32
    let kind: Kind

    init(field: Field, parent: Int, definition: Int?, kind: Kind, responseKey: Int) {
        self.field = field
        self.kind = kind
        storedDefinition = definition.map { Int32($0) } ?? -1
        storedParent = Int32(parent)
        storedKey = Int32(responseKey)
    }

    /// By its number; `nil` where the parent type is unknown or has no such field.
    var definition: Int? { storedDefinition < 0 ? nil : Int(storedDefinition) }

    /// The number of its response key (`ResponseKeys`).
    var responseKey: Int { Int(storedKey) }

    /// The selection set that it stands in.
    var parent: Int { Int(storedParent) }

    /// Its own selection set, if it has one.
    var selectionSet: Int? {
        get { storedSelectionSet < 0 ? nil : Int(storedSelectionSet) }
        set { storedSelectionSet = newValue.map { Int32($0) } ?? -1 }
    }
}

extension Field {
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
