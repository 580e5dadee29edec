import GraphQL
import OrderedCollections

extension Breakage {
    private static func defining(_ draft: Draft, _ random: inout SeededRandom) -> DraftOperation? {
        random.pickAny(draft.operations.filter { !$0.variables.isEmpty })
    }

    static let variables: [Breakage] = [
        Breakage("UniqueVariableNames") { draft, _, random in
            guard let operation = defining(draft, &random) else { return false }
            operation.variables.append(random.pick(operation.variables))
            return true
        },
        Breakage("VariablesAreInputTypes") { draft, schema, random in
            let outputs = schema.types.values.filter { !$0.isInput }.map(\.name)
            let type = TypeReference.named(random.pick(outputs))
            if let operation = defining(draft, &random), random.chance(50) {
                random.pick(operation.variables).type = type
            } else {
                draft.operations[0].variables.append(
                    DraftVariable(name: "output", type: random.chance(50) ? type : .nonNull(.list(type))))
            }
            return true
        },
        Breakage("NoUndefinedVariables") { draft, _, random in
            guard let operation = defining(draft, &random) else { return false }
            operation.variables.remove(at: random.number(0...operation.variables.count - 1))
            return true
        },
        Breakage("NoUnusedVariables") { draft, _, random in
            guard let operation = random.pickAny(draft.operations) else { return false }
            operation.variables.append(
                DraftVariable(name: "unused", type: random.pick([.named("Int"), .list(.nonNull(.named("ID")))])))
            return true
        },
        Breakage("VariablesInAllowedPosition") { draft, _, random in
            guard let operation = defining(draft, &random) else { return false }
            let variable = random.pick(operation.variables)
            switch random.number(0...4) {
            case 0: variable.type = variable.type.nullable
            case 1: variable.type = .list(variable.type)
            case 2: variable.type = .nonNull(.list(.nonNull(variable.type.nullable)))
            case 3: variable.type = variable.type.itemType ?? .named("Float")
            default: variable.type = .named(random.pick(["Int", "String", "ID", "Boolean"]))
            }
            if random.chance(30) { variable.defaultValue = random.chance(50) ? nil : .text("null") }
            return true
        },
        Breakage("VariablesInAllowedPosition") { draft, schema, random in
            // A nullable variable for a field of a oneOf input.
            let arguments = DraftNodes(draft).objects.filter { object in
                if case .inputObject(let type)? = schema.type(named: object.type) { type.isOneOf } else { false }
            }.flatMap(\.fields)
            guard let argument = random.pickAny(arguments), let type = argument.type else { return false }
            let name = "nullable"
            argument.value = .variable(name)
            for operation in draft.operations {
                operation.variables.append(DraftVariable(name: name, type: type.nullable))
            }
            return true
        },
    ]
}
