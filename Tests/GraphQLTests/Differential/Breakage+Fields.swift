import GraphQL
import OrderedCollections

extension Breakage {
    static let fields: [Breakage] = [
        Breakage("FieldsOnCorrectType") { draft, schema, random in
            guard let field = random.pickAny(DraftNodes(draft).fields) else { return false }
            let other = random.pick(schema.types.values.compactMap { $0.fields?.keys.first })
            field.name = random.pick([
                "nothing", other, field.name + "s", "__schema", "__typenam", "ID", field.name.uppercased(),
            ])
            return true
        },
        Breakage("OverlappingFieldsCanBeMerged") { draft, _, random in
            let pairs = DraftNodes(draft).selectionSets.compactMap { set in
                let fields = set.selections.compactMap { if case .field(let field) = $0 { field } else { nil } }
                return fields.count > 1 ? fields : nil
            }
            guard let fields = random.pickAny(pairs) else { return false }
            let key = fields[0].alias ?? fields[0].name
            fields[fields.count - 1].alias = key
            return true
        },
        Breakage("OverlappingFieldsCanBeMerged") { draft, _, random in
            // The same field again, with other arguments.
            let sets = DraftNodes(draft).selectionSets
            guard let set = random.pickAny(sets.filter { !$0.selections.isEmpty }),
                case .field(let field) = set.selections[0], let arguments = field.definition?.arguments,
                !arguments.isEmpty
            else { return false }
            let twin = DraftField(
                alias: field.alias, name: field.name, definition: field.definition,
                arguments: Array(field.arguments.dropLast()), selectionSet: field.selectionSet)
            if field.arguments.isEmpty, let argument = arguments.values.first {
                twin.arguments = [DraftArgument(name: argument.name, type: argument.type, value: .text("null"))]
            }
            set.selections.append(.field(twin))
            return true
        },
        Breakage("OverlappingFieldsCanBeMerged") { draft, schema, random in
            // One response key under two types that exclude each other: only the shapes may clash.
            let abstract = DraftNodes(draft).selectionSets.filter { $0.type.isAbstract }
            guard let set = random.pickAny(abstract) else { return false }
            let types = schema.possibleTypes(of: set.type.name).compactMap { schema.type(named: $0) }.shuffled(
                using: &random)
            for type in types.prefix(2) {
                let leaves = (type.fields?.values.elements ?? []).filter {
                    schema.type(named: $0.type.namedType)?.isLeaf == true && $0.arguments.isEmpty
                }
                guard let leaf = random.pickAny(leaves) else { return false }
                let field = DraftField(alias: "same", name: leaf.name, definition: leaf)
                set.selections.append(
                    .inline(
                        DraftInlineFragment(
                            typeCondition: type.name,
                            selectionSet: DraftSelectionSet(type: type, selections: [.field(field)]))))
            }
            return types.count > 1
        },
        Breakage("ScalarLeafs") { draft, _, random in
            guard let field = random.pickAny(DraftNodes(draft).fields) else { return false }
            if field.selectionSet != nil {
                field.selectionSet = nil
            } else if let set = DraftNodes(draft).selectionSets.first {
                field.selectionSet = DraftSelectionSet(
                    type: set.type, selections: [.field(DraftField(name: random.pick(["__typename", "id", "x"])))])
            }
            return true
        },
    ]

    static let arguments: [Breakage] = [
        Breakage("KnownArgumentNames") { draft, _, random in
            let nodes = DraftNodes(draft)
            let name = random.pick(["firs", "unknown", "If", "input2"])
            if random.chance(30), let directive = random.pickAny(nodes.directives) {
                directive.arguments.append(DraftArgument(name: name, value: .text("true")))
                return true
            }
            guard let field = random.pickAny(nodes.fields) else { return false }
            if let argument = random.pickAny(field.arguments), random.chance(50) {
                argument.name = name
            } else {
                field.arguments.append(DraftArgument(name: name, value: .text(random.pick(["1", "{a: 1}", "X"]))))
            }
            return true
        },
        Breakage("UniqueArgumentNames") { draft, _, random in
            let nodes = DraftNodes(draft)
            if random.chance(30), let directive = random.pickAny(nodes.directives.filter { !$0.arguments.isEmpty }) {
                directive.arguments.append(directive.arguments[0])
                return true
            }
            guard let field = random.pickAny(nodes.fields.filter { !$0.arguments.isEmpty }) else { return false }
            field.arguments.insert(random.pick(field.arguments), at: 0)
            return true
        },
        Breakage("ProvidedRequiredArguments") { draft, _, random in
            let nodes = DraftNodes(draft)
            if random.chance(30), let directive = random.pickAny(nodes.directives.filter { !$0.arguments.isEmpty }) {
                directive.arguments = []
                return true
            }
            let fields = nodes.fields.filter { field in
                field.arguments.contains { field.definition?.arguments[$0.name]?.isRequired == true }
            }
            guard let field = random.pickAny(fields) else { return false }
            field.arguments.removeAll { field.definition?.arguments[$0.name]?.isRequired == true }
            return true
        },
    ]
}
