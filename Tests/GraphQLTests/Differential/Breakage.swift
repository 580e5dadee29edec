import GraphQL

/// A way to spoil a document, aimed at one rule; others may be broken on the way.
struct Breakage: Sendable {
    /// The rule as we call it.
    let rule: String
    /// - Returns: whether the document had what can be spoiled in this way.
    let apply: @Sendable (Draft, Schema, inout SeededRandom) -> Bool

    init(_ rule: String, _ apply: @escaping @Sendable (Draft, Schema, inout SeededRandom) -> Bool) {
        self.rule = rule
        self.apply = apply
    }

    static let all: [Breakage] =
        documents + fields + arguments + fragments + values + directives + variables
}

extension SeededRandom {
    /// One of some, if there are any.
    mutating func pickAny<Item>(_ items: [Item]) -> Item? {
        items.isEmpty ? nil : pick(items)
    }
}

extension Breakage {
    static let documents: [Breakage] = [
        Breakage("ExecutableDefinitions") { draft, _, random in
            draft.others.append(
                random.pick([
                    "type Added { b: Int }", "extend type Query { added: Int }", "directive @added on FIELD",
                    "schema { query: Query }", "scalar Added", "enum Added { A B }", "input Added { a: [Int!]! = [1] }",
                    "union Added = Query", "extend schema @added",
                    "interface Added implements Node & Other { id: ID! }",
                ]))
            return true
        },
        Breakage("KnownOperationTypes") { draft, schema, random in
            let lacking = OperationType.allCases.filter { schema.rootType(of: $0) == nil }
            guard let type = random.pickAny(lacking), let operation = random.pickAny(draft.operations) else {
                return false
            }
            operation.type = type
            return true
        },
        Breakage("UniqueOperationNames") { draft, _, random in
            guard let operation = draft.operations.first else { return false }
            let name = operation.name ?? "Same"
            operation.name = name
            let other = DraftOperation(
                type: random.chance(50) ? operation.type : .query, name: name, selectionSet: operation.selectionSet)
            other.variables = operation.variables
            draft.operations.append(other)
            return true
        },
        Breakage("LoneAnonymousOperation") { draft, schema, _ in
            let set = DraftSelectionSet(
                type: .object(schema.queryType), selections: [.field(DraftField(name: "__typename"))])
            draft.operations.append(DraftOperation(type: .query, name: nil, selectionSet: set))
            return true
        },
        Breakage("SingleFieldSubscriptions") { draft, schema, random in
            guard let root = schema.subscriptionType,
                let operation = draft.operations.first(where: { $0.type == .subscription })
            else { return false }
            let type = NamedType.object(root)
            let typename = DraftField(alias: random.chance(50) ? "t" : nil, name: "__typename")
            switch random.number(0...5) {
            case 0: operation.selectionSet.selections.append(.field(typename))
            case 1: operation.selectionSet = DraftSelectionSet(type: type, selections: [.field(typename)])
            case 2:
                operation.selectionSet.selections += operation.selectionSet.selections.map { selection in
                    guard case .field(let field) = selection else { return selection }
                    let twin = DraftField(
                        alias: "twin", name: field.name, definition: field.definition, arguments: field.arguments,
                        selectionSet: field.selectionSet)
                    return .field(twin)
                }
            case 3:
                let inner = DraftSelectionSet(type: type, selections: [.field(typename)])
                operation.selectionSet.selections.append(
                    .inline(
                        DraftInlineFragment(typeCondition: random.chance(50) ? root.name : nil, selectionSet: inner)))
            default:
                let name = random.pick(["skip", "include"])
                let condition = DraftDirective(
                    name: name,
                    arguments: [DraftArgument(name: "if", value: .text(random.pick(["true", "false"])))])
                switch operation.selectionSet.selections.first {
                case .field(let field)?: field.directives.append(condition)
                case .spread(let spread)?: spread.directives.append(condition)
                case .inline(let fragment)?: fragment.directives.append(condition)
                case nil: return false
                }
            }
            return true
        },
    ]
}
