import GraphQL
import OrderedCollections

/// The part of a variable's value that decides how SQL looks: whether it is there, which fields of an input object are, which
/// order an enum value stands for, and about how large a page is. The rest is a `$n`.
enum VariableShape {
    static func write(
        _ value: JSONValue?, _ type: TypeReference, schema: Schema, catalog: BindingCatalog, maximumPageSize: Int,
        to shape: inout [UInt8]
    ) {
        guard let value else { return shape.append(UInt8(ascii: "-")) }
        switch value {
        case .null: shape.append(UInt8(ascii: "0"))
        case .object(let members):
            guard case .inputObject(let input)? = schema.type(named: type.namedType) else {
                return shape.append(UInt8(ascii: "1"))
            }
            shape.append(UInt8(ascii: "{"))
            for (name, field) in input.fields {
                write(
                    members[name], field.type, schema: schema, catalog: catalog, maximumPageSize: maximumPageSize,
                    to: &shape)
            }
            shape.append(UInt8(ascii: "}"))
        case .array(let items) where isShaping(type.namedType, schema, catalog):
            shape.append(UInt8(ascii: "["))
            for item in items {
                write(item, type, schema: schema, catalog: catalog, maximumPageSize: maximumPageSize, to: &shape)
            }
            shape.append(UInt8(ascii: "]"))
        case .int(let number):
            shape.append(contentsOf: String(PageSize.step(of: number)).utf8)
            // Above the maximum the rows are handed on one by one, which is another plan.
            if number > maximumPageSize { shape.append(UInt8(ascii: "x")) }
            shape.append(UInt8(ascii: ","))
        case .string(let name) where catalog.isShaping(enumeration: type.namedType):
            shape.append(contentsOf: name.utf8)
            shape.append(UInt8(ascii: ","))
        default: shape.append(UInt8(ascii: "1"))
        }
    }

    /// Whether it matters which items a list of this type has, and not only that there is one.
    private static func isShaping(_ type: String, _ schema: Schema, _ catalog: BindingCatalog) -> Bool {
        if case .inputObject? = schema.type(named: type) { return true }
        return catalog.isShaping(enumeration: type)
    }
}

/// Which variables stand in arguments that shape the SQL, found by walking the operation with its types.
struct VariableUses {
    private(set) var shaping: Set<String> = []
    private let fragments: [String: FragmentDefinition]
    private let schema: Schema
    private let catalog: BindingCatalog
    private var visited: Set<String> = []

    init(
        operation: OperationDefinition, fragments: [String: FragmentDefinition], schema: Schema, catalog: BindingCatalog
    ) {
        self.fragments = fragments
        self.schema = schema
        self.catalog = catalog
        guard let root = schema.rootType(of: operation.operationType) else { return }
        walk(operation.selectionSet, root.name)
    }

    private mutating func walk(_ selectionSet: SelectionSet, _ type: String) {
        for selection in selectionSet.selections {
            switch selection {
            case .field(let field): walk(field, type)
            case .fragmentSpread(let spread):
                guard visited.insert(spread.name).inserted, let fragment = fragments[spread.name] else { continue }
                walk(fragment.selectionSet, fragment.typeCondition)
            case .inlineFragment(let fragment): walk(fragment.selectionSet, fragment.typeCondition ?? type)
            }
        }
    }

    private mutating func walk(_ field: Field, _ type: String) {
        guard let named = schema.type(named: type), let definition = schema.field(named: field.name, of: named) else {
            return
        }
        switch catalog.binding(type, field.name) {
        case .resolver, .command: break
        default:
            for argument in field.arguments { note(argument.value) }
        }
        if let selectionSet = field.selectionSet { walk(selectionSet, definition.type.namedType) }
    }

    private mutating func note(_ value: Value) {
        switch value.kind {
        case .variable(let name): shaping.insert(name)
        case .list(let items): for item in items { note(item) }
        case .object(let fields): for field in fields { note(field.value) }
        default: break
        }
    }
}
