import GraphQL
import OrderedCollections
import QueryEngine

/// What is known before anything is executed: variables, arguments, access, page sizes and cursors.
extension Interpreter.Run {
    // MARK: Variables (section 6.1.2)

    mutating func coerceVariables(
        _ definitions: [VariableDefinition], _ given: OrderedDictionary<String, JSONValue>
    ) {
        for definition in definitions {
            defer {
                // Where a condition stands, null may not.
                if definition.type.namedType == "Boolean", variables[definition.name] == .null,
                    conditionVariables.contains(definition.name)
                {
                    faults.insert(Interpreter.Fault("BAD_USER_INPUT", definition.location))
                }
            }
            do throws(Unfit) {
                if let value = given[definition.name] {
                    variables[definition.name] = try coerce(value, to: definition.type)
                } else if let literal = definition.defaultValue {
                    variables[definition.name] = try self.literal(literal, to: definition.type) ?? .null
                } else if definition.type.isNonNull {
                    throw Unfit()
                }
            } catch {
                faults.insert(Interpreter.Fault("BAD_USER_INPUT", definition.location))
            }
        }
    }

    private var conditionVariables: Set<String> {
        var names: Set<String> = []
        var visited: Set<String> = []
        func note(_ set: SelectionSet) {
            for selection in set.selections {
                let (directives, inner) =
                    switch selection {
                    case .field(let field): (field.directives, field.selectionSet)
                    case .inlineFragment(let fragment): (fragment.directives, Optional(fragment.selectionSet))
                    case .fragmentSpread(let spread):
                        (
                            spread.directives,
                            visited.insert(spread.name).inserted ? fragments[spread.name]?.selectionSet : nil
                        )
                    }
                for directive in directives { directive.argument("if")?.variableName.map { _ = names.insert($0) } }
                if let inner { note(inner) }
            }
        }
        if let root { note(root) }
        return names
    }

    /// A value that does not fit its type.
    struct Unfit: Error {
        /// Of the variable that does not fit; else the place is that of the whole.
        var location: SourceLocation?
    }

    // MARK: Values (section 3, “Input Coercion”)

    func coerce(_ value: JSONValue, to type: TypeReference) throws(Unfit) -> JSONValue {
        switch type {
        case .nonNull(let inner):
            if value.isNull { throw Unfit() }
            return try coerce(value, to: inner)
        case .list(let item):
            if value.isNull { return .null }
            var items: [JSONValue] = []
            for part in value.arrayValue ?? [value] { items.append(try coerce(part, to: item)) }
            return .array(items)
        case .named(let name):
            if value.isNull { return .null }
            guard case .inputObject(let input)? = schema.type(named: name) else {
                if name == "DateTime", Instant.microseconds(value.stringValue ?? "") == nil { throw Unfit() }
                if name == "ID", case .int(let number) = value { return .string("\(number)") }
                return value
            }
            var members: OrderedDictionary<String, JSONValue> = [:]
            for field in input.fields.values {
                if let member = value[field.name] {
                    members[field.name] = try coerce(member, to: field.type)
                } else {
                    try useDefault(field, &members)
                }
            }
            return .object(members)
        }
    }

    /// `nil` for a variable that is absent.
    func literal(_ value: GraphQL.Value, to type: TypeReference) throws(Unfit) -> JSONValue? {
        switch value.kind {
        case .variable(let name):
            guard let given = variables[name] else { return nil }
            if given.isNull, type.isNonNull { throw Unfit(location: value.location) }
            return given
        case .null:
            if type.isNonNull { throw Unfit() }
            return .null
        // Of this scalar, any literal is a value.
        case _ where type.nullable == .named("JSON"): return plain(value)
        case .list(let items):
            guard let item = type.itemType else { throw Unfit() }
            var list: [JSONValue] = []
            for part in items {
                let value = try literal(part, to: item) ?? .null
                if value.isNull, item.isNonNull { throw Unfit() }
                list.append(value)
            }
            return .array(list)
        case .object(let fields):
            guard case .inputObject(let input)? = schema.type(named: type.namedType) else { throw Unfit() }
            var members: OrderedDictionary<String, JSONValue> = [:]
            for field in input.fields.values {
                if let written = fields.first(where: { $0.name == field.name }),
                    let value = try literal(written.value, to: field.type)
                {
                    members[field.name] = value
                } else {
                    try useDefault(field, &members)
                }
            }
            return wrapped(.object(members), type)
        case .int(let digits):
            return wrapped(try coerce(.int(Int64(digits) ?? 0), to: .named(type.namedType)), type)
        case .float(let text): return wrapped(.number(text), type)
        case .string(let text, _): return wrapped(try coerce(.string(text), to: .named(type.namedType)), type)
        case .enumeration(let name): return wrapped(.string(name), type)
        case .boolean(let value): return wrapped(.bool(value), type)
        }
    }

    /// A literal without variables, as the JSON that it looks like.
    private func plain(_ value: GraphQL.Value) -> JSONValue {
        switch value.kind {
        case .variable, .null: return .null
        case .int(let digits): return .int(Int64(digits) ?? 0)
        case .float(let text): return .number(text)
        case .string(let text, _): return .string(text)
        case .enumeration(let name): return .string(name)
        case .boolean(let value): return .bool(value)
        case .list(let items): return .array(items.map(plain))
        case .object(let fields):
            var members: OrderedDictionary<String, JSONValue> = [:]
            for field in fields { members[field.name] = plain(field.value) }
            return .object(members)
        }
    }

    /// One value where a list is expected is a list of it.
    private func wrapped(_ value: JSONValue, _ type: TypeReference) -> JSONValue {
        type.isList ? .array([value]) : value
    }

    private func useDefault(
        _ field: InputValueDefinition, _ members: inout OrderedDictionary<String, JSONValue>
    ) throws(Unfit) {
        if let value = field.defaultValue {
            members[field.name] = try literal(value, to: field.type) ?? .null
        } else if field.type.isNonNull {
            throw Unfit()
        }
    }

    // MARK: Arguments (section 6.4.1)

    func arguments(of field: Field, _ definition: FieldDefinition) -> [String: JSONValue] {
        (try? coerceArguments(of: field, definition)) ?? [:]
    }

    private func coerceArguments(
        of field: Field, _ definition: FieldDefinition
    ) throws(Unfit) -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for argument in definition.arguments.values {
            if let written = field.arguments.first(where: { $0.name == argument.name }),
                let value = try literal(written.value, to: argument.type)
            {
                values[argument.name] = value
            } else if let standard = argument.defaultValue {
                values[argument.name] = try literal(standard, to: argument.type)
            } else if argument.type.isNonNull {
                throw Unfit()
            }
        }
        return values
    }

    // MARK: The whole operation

    /// Walks all that could be answered, whatever the rows, and notes every reason to refuse it.
    mutating func inspect(_ sets: [SelectionSet], on type: String) {
        for (_, fields) in collect(sets, on: type) {
            guard let field = fields.first else { continue }
            guard field.name != "__typename", let definition = definition(field, of: type) else {
                coverage.append("__typename")
                continue
            }
            let coordinate = "\(type).\(field.name)"
            coverage.append(coordinate)
            if !meaning.allows(caller.role, definition, in: type) || lacksOrganization(definition, in: type) {
                faults.insert(Interpreter.Fault("FORBIDDEN", field.location))
            }
            do throws(Unfit) {
                let arguments = try coerceArguments(of: field, definition)
                for (name, value) in arguments where !value.isNull {
                    coverage.append("\(coordinate)(\(name):)")
                    noteInput(value, definition.arguments[name]?.type)
                }
                if case .many(let many) = meaning.answer(definition, in: type) {
                    inspectPage(many, field, definition, arguments, of: type)
                }
            } catch {
                faults.insert(Interpreter.Fault("BAD_USER_INPUT", error.location ?? field.location))
            }
            let children = fields.compactMap(\.selectionSet)
            let named = definition.type.namedType
            guard !children.isEmpty else { continue }
            let isAbstract = schema.type(named: named)?.isAbstract ?? false
            for possible in schema.possibleTypes(of: named) {
                // Behind an interface, what the role may not see is as if it did not exist.
                if isAbstract, !meaning.allows(caller.role, type: possible) { continue }
                inspect(children, on: possible)
            }
        }
    }

    private func lacksOrganization(_ definition: FieldDefinition, in type: String) -> Bool {
        guard caller.organization == nil else { return false }
        switch meaning.answer(definition, in: type) {
        case .byID, .tenant, .feed: return true
        // Who belongs to none, such as somebody who signs in, may be let in by `@access` all the same.
        case .command: return caller.role.isOfOrganization
        case .many, .aggregate: return type == schema.queryType.name
        default: return false
        }
    }

    private mutating func noteInput(_ value: JSONValue, _ type: TypeReference?) {
        guard let type else { return }
        switch schema.type(named: type.namedType) {
        case .inputObject(let input):
            for object in value.arrayValue ?? [value] {
                for (name, member) in object.objectValue ?? [:] where !member.isNull {
                    coverage.append("\(input.name).\(name)")
                    noteInput(member, input.fields[name]?.type)
                }
            }
        case .enumeration(let enumeration):
            for item in value.arrayValue ?? [value] {
                coverage.append("\(enumeration.name).\(item.stringValue ?? "")")
            }
        default: break
        }
    }

    private mutating func inspectPage(
        _ many: SchemaMeaning.Many, _ field: Field, _ definition: FieldDefinition, _ arguments: [String: JSONValue],
        of type: String
    ) {
        guard let node = meaning.nodeTypes[definition.type.namedType], let table = meaning.tables[node] else { return }
        let sizes = ["first", "last"].compactMap { arguments[$0]?.intValue }
        if sizes.count == 2 || sizes.contains(where: { $0 < 0 || $0 > Int64(interpreter.maximumPageSize) }) {
            faults.insert(Interpreter.Fault("BAD_PAGE_SIZE", field.location))
        }
        let place = CursorBook.Place(
            coordinate: "\(type).\(field.name)", order: order(many, definition, arguments),
            organization: table.isPlatform ? nil : organization)
        for argument in ["after", "before"] {
            guard let cursor = arguments[argument]?.stringValue else { continue }
            if interpreter.cursors.row(of: cursor, at: place) == nil {
                faults.insert(Interpreter.Fault("BAD_CURSOR", field.location))
            }
        }
    }
}
