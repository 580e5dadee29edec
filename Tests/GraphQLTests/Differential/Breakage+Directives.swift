import GraphQL
import OrderedCollections

extension Breakage {
    private static func add(_ directive: DraftDirective, to draft: Draft, _ random: inout SeededRandom) -> Bool {
        let nodes = DraftNodes(draft)
        switch random.number(0...5) {
        case 0: random.pickAny(draft.operations)?.directives.append(directive)
        case 1: random.pickAny(draft.fragments)?.directives.append(directive)
        case 2: random.pickAny(nodes.inlineFragments)?.directives.append(directive)
        case 3: random.pickAny(nodes.spreads)?.directives.append(directive)
        case 4: random.pickAny(draft.operations.flatMap(\.variables))?.directives.append(directive)
        default: random.pickAny(nodes.fields)?.directives.append(directive)
        }
        return true
    }

    private static func condition(_ name: String) -> DraftDirective {
        DraftDirective(name: name, arguments: [DraftArgument(name: "if", value: .text("true"))])
    }

    static let directives: [Breakage] = [
        Breakage("KnownDirectives") { draft, _, random in
            add(DraftDirective(name: random.pick(["unknown", "Skip", "inclde", "on"])), to: draft, &random)
        },
        Breakage("DirectivesInValidLocations") { draft, schema, random in
            let name = random.pick(Array(schema.directives.keys))
            let arguments = (schema.directives[name]?.arguments.values.elements ?? []).filter(\.isRequired)
            return add(
                DraftDirective(
                    name: name,
                    arguments: arguments.map { argument in
                        DraftArgument(
                            name: argument.name, type: argument.type,
                            value: ValueGrower.value(argument.type, schema, &random))
                    }), to: draft, &random)
        },
        Breakage("UniqueDirectivesPerLocation") { draft, _, random in
            guard let field = random.pickAny(DraftNodes(draft).fields) else { return false }
            let name = random.pick(["skip", "include"])
            field.directives += [condition(name), condition(name)]
            return true
        },
        Breakage("UniqueDirectivesPerLocation") { draft, _, random in
            guard let directive = random.pickAny(DraftNodes(draft).directives) else { return false }
            let twin = DraftDirective(name: directive.name, arguments: directive.arguments)
            return add(twin, to: draft, &random)
        },
    ]
}
