import GraphQL
import OrderedCollections

/// Grows documents that are valid for a schema: nearly always, since the verdict is not the grower's.
struct DocumentGrower {
    let schema: Schema
    var random: SeededRandom
    private var draft = Draft()
    private var aliases = 0
    /// Fields that the document may still get.
    private var budget = 0
    private var operation: DraftOperation?
    /// Those that are whole, and grown for the operation at hand, so that its variables are enough for them.
    private var spreadable: [DraftFragment] = []

    private static let names = ["Inbox", "Watch", "send", "q_1", "on", "query", "fragment", "type", "_x9", "A", "true"]

    init(schema: Schema, random: SeededRandom) {
        self.schema = schema
        self.random = random
    }

    /// - Parameter type: of the first operation; any that the schema has where none is given.
    mutating func document(_ type: OperationType? = nil) -> Draft {
        draft = Draft()
        aliases = 0
        let count = random.chance(80) ? 1 : random.number(2...3)
        let types = OperationType.allCases.filter { schema.rootType(of: $0) != nil }
        for index in 0..<count {
            let chosen = index == 0 ? type ?? random.pick(types) : random.pick(types)
            let name = count > 1 || random.chance(60) ? random.pick(Self.names) + (count > 1 ? "\(index)" : "") : nil
            grow(chosen, name: name)
        }
        return draft
    }

    private mutating func grow(_ type: OperationType, name: String?) {
        guard let root = schema.rootType(of: type) else { return }
        spreadable = []
        budget = random.number(1...30)
        let operation = DraftOperation(type: type, name: name, selectionSet: DraftSelectionSet(type: .object(root)))
        self.operation = operation
        if type == .subscription {
            // One field, without conditions, maybe inside a fragment.
            operation.selectionSet = selectionSet(of: .object(root), isRootOfSubscription: true)
        } else {
            operation.selectionSet = selectionSet(of: .object(root))
            if schema.directives["tag"] != nil, type == .query, random.chance(20) {
                operation.directives = [tag(), tag()]
            }
        }
        draft.operations.append(operation)
        self.operation = nil
    }

    // MARK: Selections

    private mutating func selectionSet(
        of type: NamedType, depth: Int = 1, isConditional: Bool = false, isRootOfSubscription: Bool = false
    ) -> DraftSelectionSet {
        let set = DraftSelectionSet(type: type)
        let fields = (type.fields?.values.elements ?? []).filter { field in
            depth < 6 && budget > 0 || schema.type(named: field.type.namedType)?.isLeaf == true
        }
        let count = isRootOfSubscription ? 1 : random.number(1...4)
        for _ in 0..<count {
            if !isRootOfSubscription, depth < 6, random.chance(12) {
                set.selections.append(fragment(in: type, depth: depth, isConditional))
            } else if fields.isEmpty || !isRootOfSubscription && random.chance(6) {
                set.selections.append(.field(DraftField(name: "__typename")))
            } else {
                let field = field(random.pick(fields), depth: depth, isConditional)
                if !isRootOfSubscription { field.directives = conditions() }
                set.selections.append(.field(field))
            }
        }
        if isRootOfSubscription, random.chance(30) {
            let fragment = DraftFragment(name: fragmentName(), typeCondition: type.name, selectionSet: set)
            draft.fragments.append(fragment)
            return DraftSelectionSet(type: type, selections: [.spread(DraftSpread(name: fragment.name))])
        }
        if depth == 1, type.name == schema.queryType.name, random.chance(4) {
            set.selections.append(.field(introspection()))
        }
        return set
    }

    private mutating func field(_ definition: FieldDefinition, depth: Int, _ isConditional: Bool) -> DraftField {
        budget -= 1
        let field = DraftField(name: definition.name, definition: definition)
        field.arguments = definition.arguments.values.compactMap { argument in
            guard argument.isRequired || random.chance(30) else { return nil }
            return DraftArgument(
                name: argument.name, type: argument.type,
                value: value(argument.type, hasDefault: argument.defaultValue != nil))
        }
        if random.chance(20) { field.arguments.shuffle(using: &random) }
        // With an alias of its own no field can meet another under one response key.
        if !field.arguments.isEmpty || isConditional || random.chance(10) {
            aliases += 1
            field.alias = "x\(aliases)"
        }
        if let type = schema.type(named: definition.type.namedType), type.isComposite {
            field.selectionSet = selectionSet(of: type, depth: depth + 1)
        }
        return field
    }

    private mutating func fragment(in type: NamedType, depth: Int, _ isConditional: Bool) -> DraftSelection {
        let near = spreadable.filter { schema.overlaps($0.typeCondition, type.name) }
        if !near.isEmpty, random.chance(40) {
            let spread = DraftSpread(name: random.pick(near).name)
            spread.directives = conditions()
            return .spread(spread)
        }
        let possible = schema.types.values.filter { $0.isComposite && schema.overlaps($0.name, type.name) }
        let condition = random.chance(60) ? type : random.pick(possible)
        let set = selectionSet(
            of: condition, depth: depth + 1, isConditional: isConditional || condition.name != type.name)
        if random.chance(50) {
            let inline = DraftInlineFragment(
                typeCondition: condition.name == type.name && random.chance(40) ? nil : condition.name,
                selectionSet: set)
            inline.directives = conditions()
            return .inline(inline)
        }
        let fragment = DraftFragment(name: fragmentName(), typeCondition: condition.name, selectionSet: set)
        draft.fragments.append(fragment)
        spreadable.append(fragment)
        return .spread(DraftSpread(name: fragment.name))
    }

    private mutating func fragmentName() -> String {
        "\(random.pick(["Part", "fields", "_f", "type", "fragment"]))\(draft.fragments.count)"
    }

    /// `__schema` or `__type`, with a little of what they have.
    private mutating func introspection() -> DraftField {
        aliases += 1
        let definition = random.chance(50) ? "__Schema" : "__Type"
        let field = DraftField(alias: "x\(aliases)", name: definition == "__Schema" ? "__schema" : "__type")
        if definition == "__Type" {
            let type = TypeReference.nonNull(.named("String"))
            field.arguments = [DraftArgument(name: "name", type: type, value: .text("\"Query\""))]
        }
        field.selectionSet = schema.type(named: definition).map { type in
            let leaf = DraftField(name: "description")
            let list = DraftField(name: definition == "__Type" ? "possibleTypes" : "types")
            list.selectionSet = schema.type(named: "__Type").map {
                DraftSelectionSet(type: $0, selections: [.field(DraftField(name: "name"))])
            }
            return DraftSelectionSet(type: type, selections: [.field(leaf), .field(list)])
        }
        return field
    }

    // MARK: Directives

    private mutating func conditions() -> [DraftDirective] {
        var directives: [DraftDirective] = []
        for name in ["skip", "include"] where random.chance(5) {
            let type = TypeReference.nonNull(.named("Boolean"))
            directives.append(
                DraftDirective(
                    name: name, arguments: [DraftArgument(name: "if", type: type, value: value(type))]))
        }
        return directives
    }

    private mutating func tag() -> DraftDirective {
        let type = TypeReference.nonNull(.named("String"))
        return DraftDirective(name: "tag", arguments: [DraftArgument(name: "name", type: type, value: value(type))])
    }

    // MARK: Values

    /// A literal or a variable for a place.
    mutating func value(_ type: TypeReference, hasDefault: Bool = false) -> DraftValue {
        let operation = operation
        if let operation, random.chance(30) { return .variable(variable(for: type, hasDefault, operation)) }
        return ValueGrower.value(type, schema, &random) { type, random in
            guard let operation, random.chance(20) else { return nil }
            return .variable(Self.define(type, operation, &random))
        }
    }

    private mutating func variable(
        for type: TypeReference, _ hasDefault: Bool, _ operation: DraftOperation
    ) -> String {
        if case .nonNull(let nullable) = type {
            // Nullable where a default helps: its own, or that of the place.
            if hasDefault, random.chance(50) { return Self.define(nullable, operation, &random) }
            if random.chance(20) {
                let name = Self.define(nullable, operation, &random)
                let literal = ValueGrower.value(type, schema, &random)
                operation.variables.last?.defaultValue = literal
                return name
            }
            return Self.define(type, operation, &random)
        }
        let name = Self.define(random.chance(30) ? .nonNull(type) : type, operation, &random)
        if let variable = operation.variables.last, !variable.type.isNonNull, random.chance(30) {
            variable.defaultValue = ValueGrower.value(type, schema, &random)
        }
        return name
    }

    private static func define(
        _ type: TypeReference, _ operation: DraftOperation, _ random: inout SeededRandom
    ) -> String {
        let name = "\(random.pick(["v", "input", "on", "null", "_"]))\(operation.variables.count)"
        operation.variables.append(DraftVariable(name: name, type: type))
        return name
    }
}
