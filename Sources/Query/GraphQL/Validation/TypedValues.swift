import OrderedCollections

/// Values laid out flat, each beside the type that its place expects.
struct TypedValues {
    private(set) var values: [TypedValue] = []
    /// Those among the values that are input objects.
    private(set) var objects: [TypedValue] = []
    private(set) var variableUses: [VariableUse] = []

    /// Adds a value and all values in it. Recursion is as deep as the parser let the text nest.
    ///
    /// - Parameters:
    ///   - type: `nil` where the place is unknown; then nothing inside can be judged either.
    ///   - hasDefault: the place has a default value of its own.
    mutating func add(
        _ value: Value, type: TypeReference?, hasDefault: Bool = false, oneOfField: String? = nil, schema: VisibleSchema
    ) {
        let namedType = type.flatMap { schema.type(named: $0.namedType) }
        let typed = TypedValue(value: value, type: type, namedType: namedType)
        values.append(typed)
        switch value.kind {
        case .variable(let name):
            variableUses.append(
                VariableUse(
                    name: name, location: value.location, type: type, hasDefault: hasDefault, oneOfField: oneOfField))
        case .list(let items):
            let itemType = type?.itemType
            for item in items { add(item, type: itemType, schema: schema) }
        case .object(let fields):
            objects.append(typed)
            var input: InputObjectType?
            if case .inputObject(let type)? = namedType { input = type }
            for field in fields {
                let definition = input.flatMap { schema.field(named: field.name, of: $0) }
                add(
                    field.value, type: definition?.type, hasDefault: definition?.defaultValue != nil,
                    oneOfField: input?.isOneOf == true ? field.name : nil, schema: schema)
            }
        default: break
        }
    }
}

/// A class for the same reason as `TypedField`.
final class TypedValue {
    let value: Value
    let type: TypeReference?
    /// The type inside all lists and exclamation marks.
    let namedType: NamedType?

    init(value: Value, type: TypeReference?, namedType: NamedType?) {
        self.value = value
        self.type = type
        self.namedType = namedType
    }
}

/// A variable where it is used.
struct VariableUse {
    let name: String
    let location: SourceLocation
    let type: TypeReference?
    let hasDefault: Bool
    /// The field of a oneOf input that the variable is given for.
    let oneOfField: String?
}
