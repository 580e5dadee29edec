import OrderedCollections

/// Values laid out flat, each beside the type that its place expects.
struct TypedValues {
    private(set) var values: [TypedValue] = []
    /// Those among the values that are input objects.
    private(set) var objects: [Int] = []
    private(set) var variableUses: [VariableUse] = []

    /// Adds a value and all values in it.
    ///
    /// - Parameter definition: what the value is given for; `nil` where that is unknown. Then nothing inside can be
    ///   judged either.
    mutating func add(
        _ value: Value, for definition: InputValueDefinition?, oneOfField: String? = nil, schema: VisibleSchema
    ) {
        add(
            value, type: definition?.type, namedType: definition.flatMap { schema.type(of: $0) },
            hasDefault: definition?.defaultValue != nil, oneOfField: oneOfField, schema: schema)
    }

    /// Recursion is as deep as the parser let the text nest.
    ///
    /// - Parameters:
    ///   - namedType: the one inside all lists and exclamation marks of the type.
    ///   - hasDefault: the place has a default value of its own.
    mutating func add(
        _ value: Value, type: TypeReference?, namedType: NamedType?, hasDefault: Bool = false,
        oneOfField: String? = nil, schema: VisibleSchema
    ) {
        let index = values.count
        values.append(TypedValue(value: value, type: type, namedType: namedType))
        switch value.kind {
        case .variable(let name):
            variableUses.append(
                VariableUse(
                    name: name, location: value.location, type: type, hasDefault: hasDefault, oneOfField: oneOfField))
        case .list(let items):
            let itemType = type?.itemType
            for item in items {
                add(item, type: itemType, namedType: itemType == nil ? nil : namedType, schema: schema)
            }
        case .object(let fields):
            objects.append(index)
            var input: InputObjectType?
            if case .inputObject(let type)? = namedType { input = type }
            for field in fields {
                add(
                    field.value, for: input.flatMap { schema.field(named: field.name, of: $0) },
                    oneOfField: input?.isOneOf == true ? field.name : nil, schema: schema)
            }
        default: break
        }
    }
}

struct TypedValue {
    let value: Value
    let type: TypeReference?
    /// The type inside all lists and exclamation marks.
    let namedType: NamedType?
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
