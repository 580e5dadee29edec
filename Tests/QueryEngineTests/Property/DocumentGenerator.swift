import GraphQL
import OrderedCollections
import QueryEngine

/// Draws valid operations over the whole schema, as it is now: every type, field, argument and filter of it comes up by
/// itself. A response key stands for one field with one set of arguments in the whole document, so that whatever is merged
/// may be merged; below an interface it carries the type's name, since there fields of several types come together.
struct DocumentGenerator {
    let meaning: SchemaMeaning
    let values: ValueSource
    let role: Role
    var random: SeededRandom
    /// Also what the role may not ask, now and then.
    var forbidden = 1
    /// How many of a hundred arguments are variables.
    var variableShare = 45
    private var operation = GeneratedOperation()
    private var budget = 0
    private var aliases = 0
    private var taken: [String: String] = [:]
    private var openFragments = 0
    private var openFilters = 0
    /// Whether what is aimed at stands in the document.
    private var isAimReached = false
    /// Objects of more fields than a function of PostgreSQL takes arguments, most of them aliases.
    private var isWide = false

    /// - Parameter name: of the operation, and before the names of its fragments where it is not the usual one.
    init(
        meaning: SchemaMeaning, values: ValueSource, role: Role, random: SeededRandom,
        name: String = GeneratedOperation.usualName
    ) {
        operation.name = name
        self.meaning = meaning
        self.values = values
        self.role = role
        self.random = random
    }

    mutating func query() -> GeneratedOperation {
        budget = 4 + random.below(18)
        if random.chance(10) { budget += 20 }
        if random.chance(2) { (isWide, budget) = (true, 110) }
        operation.selections = selections(of: meaning.schema.queryType.name, depth: 0, isAbstract: false)
        return operation
    }

    /// `nil` where the schema has none that the role may ask.
    mutating func mutation() -> GeneratedOperation? { root(of: meaning.schema.mutationType, .mutation) }
    mutating func subscription() -> GeneratedOperation? { root(of: meaning.schema.subscriptionType, .subscription) }

    private mutating func root(of type: ObjectType?, _ operationType: OperationType) -> GeneratedOperation? {
        let asked = (type?.fields.values.elements ?? []).filter { meaning.allows(role, $0, in: type?.name ?? "") }
        // Nothing is begun where there is nothing to ask: a query may be drawn instead.
        guard let type, !asked.isEmpty else { return nil }
        operation.type = operationType
        let count = operationType == .mutation ? 1 + random.below(2) : 1
        for _ in 0..<count {
            budget = 3 + random.below(12)
            let aimed = isAimReached ? [] : asked.filter { values.aim?.isServed(by: $0, of: type.name) ?? false }
            guard let definition = random.pick(aimed.isEmpty ? asked : aimed) else { return nil }
            if !aimed.isEmpty { noteAim(definition, of: type.name) }
            operation.selections.append(field(definition, of: type.name, depth: 1, isAbstract: false))
        }
        return operation
    }

    /// The operation and, now and then, up to three more in the same document, of any type. Each of them may be asked.
    mutating func document(of operation: GeneratedOperation, shareOfSeveral: Int = 15) -> [GeneratedOperation] {
        guard random.chance(shareOfSeveral) else { return [operation] }
        var all = [operation]
        for number in 1...(1 + random.below(3)) {
            var generator = DocumentGenerator(
                meaning: meaning, values: values, role: role,
                random: SeededRandom(seed: random.next(), stream: number), name: "More\(number)")
            generator.forbidden = forbidden
            generator.variableShare = variableShare
            let choice = random.below(10)
            let other = choice == 0 ? generator.mutation() : choice == 1 ? generator.subscription() : nil
            all.append(other ?? generator.query())
        }
        return all.map { chosen in
            var chosen = chosen
            chosen.neighbours = all.filter { $0.name != chosen.name }
            return chosen
        }
    }

    // MARK: Selections

    private mutating func selections(of type: String, depth: Int, isAbstract: Bool) -> [GeneratedSelection] {
        var selections: [GeneratedSelection] = []
        let most = isWide && depth > 1 ? 70 : 1 + random.below(depth == 0 ? 3 : 6)
        if let aimed = aimedSelection(of: type, depth: depth, isAbstract: isAbstract) {
            budget -= 1
            selections.append(aimed)
        }
        while selections.count < most, budget > 0 || selections.isEmpty {
            budget -= 1
            selections.append(selection(of: type, depth: depth, isAbstract: isAbstract))
        }
        return selections
    }

    private mutating func selection(of type: String, depth: Int, isAbstract: Bool) -> GeneratedSelection {
        let isInterface = meaning.schema.type(named: type)?.isAbstract ?? false
        let choice = random.below(100)
        if choice < 7 { return typename() }
        if choice < (isInterface ? 75 : 15), depth < 9 {
            return inline(in: type, depth: depth, isAbstract: isAbstract || isInterface)
        }
        if choice < (isInterface ? 90 : 25), depth < 6, openFragments < 2 {
            return spread(in: type, depth: depth, isAbstract: isAbstract || isInterface)
        }
        let fields = (meaning.schema.type(named: type)?.fields?.values.elements ?? []).filter { definition in
            meaning.allows(role, definition, in: type) || random.chance(forbidden)
        }
        let small = fields.filter { meaning.schema.type(named: $0.type.namedType)?.isLeaf ?? true }
        let isDeep = depth >= 9 || budget <= 0
        guard let definition = random.pick(isDeep && !small.isEmpty ? small : fields),
            !isDeep || !small.isEmpty || depth < 14
        else { return typename() }
        return field(definition, of: type, depth: depth + 1, isAbstract: isAbstract || isInterface)
    }

    /// A step towards what is aimed at; `nil` where none leads there.
    private mutating func aimedSelection(of type: String, depth: Int, isAbstract: Bool) -> GeneratedSelection? {
        guard let aim = values.aim, !isAimReached, depth < 12 else { return nil }
        let isInterface = meaning.schema.type(named: type)?.isAbstract ?? false
        let fields = (meaning.schema.type(named: type)?.fields?.values.elements ?? []).filter { definition in
            aim.isServed(by: definition, of: type) && meaning.allows(role, definition, in: type)
        }
        if let definition = random.pick(fields) {
            noteAim(definition, of: type)
            return field(definition, of: type, depth: depth + 1, isAbstract: isAbstract || isInterface)
        }
        guard isInterface else { return nil }
        let possible = meaning.schema.possibleTypes(of: type).filter { possible in
            aim.isNearer(possible, than: type) && meaning.allows(role, type: possible)
        }
        guard let on = random.pick(Array(possible)) else { return nil }
        let children = selections(of: on, depth: depth + 1, isAbstract: true)
        return GeneratedSelection(kind: .inline(on: on), children: children)
    }

    /// From a field whose answer leads no nearer, only its arguments do, and these it has.
    private mutating func noteAim(_ definition: FieldDefinition, of type: String) {
        guard let aim = values.aim, !aim.isNearer(definition.type.namedType, than: type) else { return }
        isAimReached = true
    }

    private mutating func typename() -> GeneratedSelection {
        let alias = random.chance(50) ? nil : newAlias()
        return GeneratedSelection(kind: .field(alias: alias, name: "__typename"), directives: directives())
    }

    private mutating func inline(in type: String, depth: Int, isAbstract: Bool) -> GeneratedSelection {
        let on = condition(in: type)
        let children = selections(of: on ?? type, depth: depth + 1, isAbstract: isAbstract)
        return GeneratedSelection(kind: .inline(on: on), directives: directives(), children: children)
    }

    /// The type itself, one of its possible types, or an interface of it.
    private mutating func condition(in type: String) -> String? {
        let named = meaning.schema.type(named: type)
        if named?.isAbstract == true {
            let possible = meaning.schema.possibleTypes(of: type).filter { meaning.allows(role, type: $0) }
            return random.chance(90) ? random.pick(Array(possible)) : type
        }
        if random.chance(30) { return nil }
        return random.pick([type] + (named?.interfaces.elements ?? []))
    }

    private mutating func spread(in type: String, depth: Int, isAbstract: Bool) -> GeneratedSelection {
        let on = condition(in: type) ?? type
        let known = operation.fragments.filter { $0.type == on && $0.isForAbstract == isAbstract }
        if let fragment = random.pick(known), random.chance(60) {
            return GeneratedSelection(kind: .spread(fragment.name), directives: directives())
        }
        openFragments += 1
        let children = selections(of: on, depth: depth + 1, isAbstract: isAbstract)
        openFragments -= 1
        let fragment = GeneratedFragment(
            name:
                "\(operation.name == GeneratedOperation.usualName ? "" : operation.name)F\(operation.fragments.count + 1)",
            type: on, isForAbstract: isAbstract, selections: children)
        operation.fragments.append(fragment)
        return GeneratedSelection(kind: .spread(fragment.name), directives: directives())
    }

    private mutating func field(
        _ definition: FieldDefinition, of type: String, depth: Int, isAbstract: Bool
    ) -> GeneratedSelection {
        let arguments = arguments(of: definition, in: type)
        let isObject = meaning.schema.type(named: type)?.isAbstract == false
        var key = isAbstract && isObject ? "\(type)_\(definition.name)" : definition.name
        let meant =
            "\(definition.type) \(definition.name)" + arguments.map { " \($0.name): \($0.value.text)" }.joined()
        if random.chance(isWide && aliases < 90 ? 80 : 15) || (taken[key] ?? meant) != meant { key = newAlias() }
        taken[key] = meant
        let isLeaf = meaning.schema.type(named: definition.type.namedType)?.isLeaf ?? true
        let directives = depth == 1 && operation.type == .subscription ? [] : directives()
        let children =
            isLeaf ? [] : selections(of: definition.type.namedType, depth: depth, isAbstract: false)
        return GeneratedSelection(
            kind: .field(alias: key == definition.name ? nil : key, name: definition.name), arguments: arguments,
            directives: directives, children: children)
    }

    /// Sometimes longer than the 63 bytes at which PostgreSQL cuts a name, and then alike up to there.
    private mutating func newAlias() -> String {
        aliases += 1
        if random.chance(4) { return "k" + String(repeating: "_long", count: 13) + "\(aliases)" }
        return random.chance(20) ? "_\(aliases)" : "k\(aliases)"
    }

    private mutating func directives() -> [GeneratedDirective] {
        guard random.chance(12) else { return [] }
        var directives: [GeneratedDirective] = []
        for name in ["skip", "include"] where random.chance(55) {
            let condition: GeneratedValue =
                random.chance(60)
                ? variable(.nonNull(.named("Boolean")), .truth)
                : .literal(random.chance(name == "skip" ? 20 : 80) ? "true" : "false")
            directives.append(GeneratedDirective(name: name, condition: condition))
        }
        return directives
    }

    // MARK: Arguments

    private mutating func arguments(of definition: FieldDefinition, in type: String) -> [GeneratedSelection.Argument] {
        var arguments: [GeneratedSelection.Argument] = []
        let paging = random.below(100)
        var orders: [SchemaMeaning.Order] = []
        var table = ""
        let named = definition.type.namedType
        table = meaning.tables[meaning.nodeTypes[named] ?? named]?.name ?? ""
        switch meaning.answer(definition, in: type) {
        case .many(let many): orders = [many.order]
        case .aggregate(let aggregate): table = aggregate.table.name
        default: break
        }
        // The order first: cursors belong to it.
        let all = definition.arguments.values
        let inOrder =
            all.filter { meaning.orders[$0.type.namedType] != nil }
            + all.filter { meaning.orders[$0.type.namedType] == nil }
        let aimed = all.filter { values.aim?.isServed(by: $0, of: definition, in: type) ?? false }.map(\.name)
        for argument in inOrder {
            let isAimed = aimed.contains(argument.name)
            let isWanted: Bool
            let slot: Slot
            switch meaning.purpose(of: argument, definition, in: type) {
            case .pageSize:
                // Of the two only one is in place.
                let isFirst = aimed.contains("first") || (30..<70).contains(paging) && !aimed.contains("last")
                isWanted = argument.name == "first" ? isFirst || paging == 99 : paging >= 70 && !isFirst
                slot = .pageSize
            case .cursor:
                isWanted = random.chance(argument.name == "after" ? 25 : 20)
                slot = .cursor(coordinate: "\(type).\(definition.name)", orders: orders)
            case .filter(let input):
                isWanted = random.chance(45)
                slot = .filter(input, table: table)
            case .order(let enumeration):
                let all = meaning.orders[enumeration]?.keys.elements ?? []
                let goals = all.filter { values.aim?.isGoal("\(enumeration).\($0)") ?? false }
                guard random.chance(isAimed ? 100 : 40), let value = random.pick(goals.isEmpty ? all : goals) else {
                    continue
                }
                if random.chance(25) {
                    orders += meaning.orders[enumeration]?.values.elements ?? []
                    arguments.append(argument, variable(argument.type, .input(argument.type)))
                } else {
                    orders = meaning.orders[enumeration]?[value].map { [$0] } ?? orders
                    arguments.append(argument, .literal(value))
                }
                continue
            case .condition(let condition):
                isWanted = random.chance(50)
                slot = .condition(condition, table: table, argument.type)
            case .timeZone:
                isWanted = random.chance(40)
                slot = .timeZone
            case .id:
                isWanted = true
                slot = .id(meaning.schema.possibleTypes(of: named).sorted())
            default:
                isWanted = argument.isRequired || random.chance(60)
                slot = .input(argument.type)
            }
            guard isWanted || isAimed || argument.isRequired else { continue }
            arguments.append(argument, value(argument.type, slot))
        }
        return arguments
    }

    private mutating func value(_ type: TypeReference, _ slot: Slot) -> GeneratedValue {
        let choice = random.below(100)
        if choice < variableShare { return variable(type, slot) }
        if case .filter(let input, let table) = slot, choice < 90,
            case .inputObject(let object)? = meaning.schema.type(named: input)
        {
            // Field by field, each a literal or a variable of its own.
            var fields: [(String, GeneratedValue)] = []
            for (name, condition) in meaning.conditions[input] ?? [:] {
                guard let field = object.fields[name], random.chance(values.isAimed(field, input) ? 100 : 30) else {
                    continue
                }
                fields.append((name, value(field.type, .condition(condition, table: table, field.type))))
            }
            for (name, combination) in (meaning.combinations[input] ?? [:]).sorted(by: { $0.key < $1.key })
            where openFilters < 3 {
                guard let field = object.fields[name],
                    random.chance(openFilters == 0 && values.isAimed(field, input) ? 100 : 15)
                else { continue }
                openFilters += 1
                let isOne = combination == "NOT"
                fields.append(
                    (name, value(field.type, isOne ? .filter(input, table: table) : .filters(input, table: table))))
                openFilters -= 1
            }
            return .object(fields)
        }
        if case .filters(let input, let table) = slot, choice < 95, let item = type.itemType {
            let count = random.below(3)
            return .list((0..<count).map { _ in value(item, .filter(input, table: table)) })
        }
        if choice > 95, !type.isNonNull { return .literal("null") }
        return .literal(values.literal(values.value(slot, &random), type))
    }

    private mutating func variable(_ type: TypeReference, _ slot: Slot) -> GeneratedValue {
        // One of the same type for the same purpose may stand twice.
        if random.chance(15),
            let known = operation.variables.first(where: { "\($0.slot)" == "\(slot)" && $0.type == type })
        {
            return .variable(known.name)
        }
        var own = type
        var standard: JSONValue?
        if random.chance(25) {
            standard = values.value(slot, &random)
            // A default that is not null lets a nullable variable stand where null may not.
            if standard?.isNull == true, type.isNonNull { standard = nil }
            if standard?.isNull == false, random.chance(50) { own = type.nullable }
        } else if random.chance(20) {
            own = .nonNull(type.nullable)
        }
        let variable = GeneratedVariable(
            name: "v\(operation.variables.count + 1)", type: own, standard: standard,
            standardText: standard.map { values.literal($0, own) } ?? "", slot: slot)
        operation.variables.append(variable)
        return .variable(variable.name)
    }
}

extension [GeneratedSelection.Argument] {
    fileprivate mutating func append(_ definition: InputValueDefinition, _ value: GeneratedValue) {
        append(GeneratedSelection.Argument(name: definition.name, value: value, isRequired: definition.isRequired))
    }
}

extension GeneratedOperation {
    /// Values for the variables; some are absent or null where that may be.
    func variables(from source: ValueSource, _ random: inout SeededRandom) -> OrderedDictionary<String, JSONValue> {
        var values: OrderedDictionary<String, JSONValue> = [:]
        for variable in variables {
            let mayBeAbsent = !variable.type.isNonNull || variable.standard != nil
            if mayBeAbsent, random.chance(20) { continue }
            if !variable.type.isNonNull, random.chance(variable.standard == nil ? 10 : 2) {
                values[variable.name] = .null
                continue
            }
            let value = source.value(variable.slot, &random)
            if value.isNull, variable.type.isNonNull {
                values[variable.name] = variable.standard ?? source.value(variable.slot, &random)
            } else {
                values[variable.name] = value
            }
        }
        return values
    }
}
