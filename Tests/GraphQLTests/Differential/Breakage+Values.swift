import GraphQL
import OrderedCollections

extension Breakage {
    /// Literals of every kind; most fit most places badly.
    private static let literals = [
        "null", "1", "2147483648", "-2147483649", "99999999999999999999", "1.0", "1e400", "1e3", "true", "NAME",
        #""text""#, #""5""#, #""""#, "\"\"\"block\"\"\"", "[]", "[1, null]", "[[1]]", "[A, \"b\"]", "{}", "{a: 1}",
        "{name: \"x\", owner: null}", "[{}]", "\"2026-11-20T18:15:06Z\"", "DELIVERED", "QUERY", "$a", "[$a, $b]",
        "{x: $c}",
    ]

    private static func object(_ draft: Draft, _ random: inout SeededRandom) -> DraftObject? {
        random.pickAny(DraftNodes(draft).objects)
    }

    static let values: [Breakage] = [
        Breakage("ValuesOfCorrectType") { draft, _, random in
            guard let argument = random.pickAny(DraftNodes(draft).arguments) else { return false }
            argument.value = .text(random.pick(literals))
            return true
        },
        Breakage("ValuesOfCorrectType") { draft, _, random in
            let variables = draft.operations.flatMap(\.variables)
            guard let variable = random.pickAny(variables) else { return false }
            variable.defaultValue = .text(random.pick(literals.filter { !$0.contains("$") }))
            return true
        },
        Breakage("ValuesOfCorrectType") { draft, schema, random in
            // A oneOf input with another number of fields than one.
            let objects = DraftNodes(draft).objects.filter { object in
                if case .inputObject(let type)? = schema.type(named: object.type) { type.isOneOf } else { false }
            }
            guard let object = random.pickAny(objects),
                case .inputObject(let type)? = schema.type(named: object.type)
            else { return false }
            switch random.number(0...2) {
            case 0: object.fields = []
            case 1: object.fields.first?.value = .text("null")
            default:
                object.fields = type.fields.values.map { field in
                    DraftArgument(
                        name: field.name, type: field.type, value: ValueGrower.value(field.type, schema, &random))
                }
            }
            return true
        },
        Breakage("KnownInputFieldNames") { draft, _, random in
            guard let object = object(draft, &random) else { return false }
            if let field = random.pickAny(object.fields), random.chance(50) {
                field.name += "s"
            } else {
                object.fields.append(DraftArgument(name: "unknown", value: .text(random.pick(["1", "null", "{}"]))))
            }
            return true
        },
        Breakage("UniqueInputFieldNames") { draft, _, random in
            guard let object = object(draft, &random), let field = random.pickAny(object.fields) else { return false }
            object.fields.append(field)
            return true
        },
        Breakage("UniqueInputFieldNames") { draft, _, random in
            guard let argument = random.pickAny(DraftNodes(draft).arguments) else { return false }
            argument.value = .text(random.pick(["{a: 1, a: 1}", "[{a: {b: 1, b: 2}}]", "{a: 1, b: 2, a: 3, b: 4}"]))
            return true
        },
        Breakage("ProvidedRequiredInputFields") { draft, schema, random in
            let objects = DraftNodes(draft).objects.filter { object in
                guard case .inputObject(let type)? = schema.type(named: object.type) else { return false }
                return object.fields.contains { type.fields[$0.name]?.isRequired == true }
            }
            guard let object = random.pickAny(objects),
                case .inputObject(let type)? = schema.type(named: object.type)
            else { return false }
            object.fields.removeAll { type.fields[$0.name]?.isRequired == true }
            return true
        },
    ]
}
