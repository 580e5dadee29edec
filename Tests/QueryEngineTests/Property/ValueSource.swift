import Foundation
import GraphQL
import OrderedCollections
import QueryEngine

/// Draws values: mostly such as are in the rows, so that they find something, and some that are not.
struct ValueSource: Sendable {
    let meaning: SchemaMeaning
    let rows: Rows
    let cursors: CursorBook
    let maximumPageSize: Int
    /// Whose values are drawn; `nil` for the platform.
    let organization: String?
    /// How many of a hundred values are of another tenant or none's.
    var foreign = 10
    /// Of the one whose values are forged, if any are.
    var victim: String?
    /// What inputs hold for certain where they may.
    var aim: Aim?

    // MARK: By what they are for

    func value(_ slot: Slot, _ random: inout SeededRandom) -> JSONValue {
        switch slot {
        case .pageSize:
            if random.chance(2) { return .int(random.chance(50) ? -1 : Int64(maximumPageSize + 1)) }
            if random.chance(10) { return .int(Int64(random.below(maximumPageSize + 1))) }
            return .int(Int64(random.below(7)))
        case .cursor(let coordinate, let orders):
            if random.chance(3) { return .string(random.chance(50) ? "garbage" : "") }
            if random.chance(foreign / 4) { return .string(random.pick(cursors.everything) ?? "") }
            guard let order = random.pick(orders) else { return .null }
            let place = CursorBook.Place(coordinate: coordinate, order: order, organization: organization)
            let own = random.pick(cursors.all(at: place)) ?? "none"
            guard let victim, random.chance(foreign) else { return .string(own) }
            let theirs = CursorBook.Place(coordinate: coordinate, order: order, organization: victim)
            return .string(Self.forgery(own, random.pick(cursors.all(at: theirs)) ?? ""))
        case .id(let types): return .string(id(of: types, &random))
        case .condition(let condition, let table, let type): return self.value(condition, table, type, &random)
        case .filter(let input, let table): return filter(input, table, &random, depth: 0)
        case .filters(let input, let table):
            return .array((0..<random.below(3)).map { _ in filter(input, table, &random, depth: 1) })
        case .timeZone: return .string(random.pick(Self.timeZones) ?? "UTC")
        case .input(let type): return input(type, &random, depth: 0)
        case .truth: return .bool(random.chance(50))
        }
    }

    /// What one who has seen how cursors are made would try: the mark of an own cursor before another tenant's place.
    private static func forgery(_ own: String, _ theirs: String) -> String {
        func bytes(_ cursor: String) -> Data {
            let base64 = cursor.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
            return Data(base64Encoded: String(base64) + String(repeating: "=", count: (4 - base64.count % 4) % 4))
                ?? Data()
        }
        let forged = (bytes(own).prefix(13) + bytes(theirs).dropFirst(13)).base64EncodedString()
        return String(forged.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }

    private func id(of types: [String], _ random: inout SeededRandom) -> String {
        guard let type = random.pick(types), let table = meaning.tables[type] else { return "" }
        let all = rows[table.name]
        let own = rows.rows(of: table, in: organization)
        let row = random.chance(foreign) ? random.pick(all) : random.pick(own)
        let uuid = row?["id"]?.text ?? "00000000-0000-4000-8000-000000000000"
        return spoiled(Identifier.opaque(uuid, table.prefix), &random)
    }

    /// Now and then not quite the ID that it was.
    private func spoiled(_ id: String, _ random: inout SeededRandom) -> String {
        guard random.chance(8) else { return id }
        switch random.below(6) {
        case 0: return id.uppercased()
        case 1: return String(id.dropLast())
        case 2: return "msg_" + id.drop { $0 != "_" }.dropFirst()
        case 3: return ""
        case 4: return id + "0"
        default: return "' OR '1'='1"
        }
    }

    // MARK: Filters

    /// On both sides of UTC, with hours, halves and quarters.
    static let timeZones = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "Pacific/Apia"]

    private func filter(
        _ input: String, _ table: String, _ random: inout SeededRandom, depth: Int
    ) -> JSONValue {
        var members: OrderedDictionary<String, JSONValue> = [:]
        guard case .inputObject(let type)? = meaning.schema.type(named: input) else { return .null }
        for (name, condition) in meaning.conditions[input] ?? [:] {
            guard let field = type.fields[name], random.chance(isAimed(field, input) ? 100 : 30) else { continue }
            members[name] =
                !field.type.isNonNull && random.chance(8) ? .null : value(condition, table, field.type, &random)
        }
        for (name, combination) in (meaning.combinations[input] ?? [:]).sorted(by: { $0.key < $1.key })
        where depth < 3 {
            guard let field = type.fields[name], random.chance(depth == 0 && isAimed(field, input) ? 100 : 12) else {
                continue
            }
            let count = combination == "NOT" ? 1 : random.below(3)
            let inner = (0..<count).map { _ in filter(input, table, &random, depth: depth + 1) }
            members[name] = combination == "NOT" ? inner[0] : .array(inner)
        }
        return .object(members)
    }

    private func value(
        _ condition: SchemaMeaning.Condition, _ table: String, _ type: TypeReference, _ random: inout SeededRandom
    ) -> JSONValue {
        guard condition.comparison == .isIn else { return one(condition, table, type, &random) }
        return .array((0..<random.below(5)).map { _ in one(condition, table, type.itemType ?? type, &random) })
    }

    private func one(
        _ condition: SchemaMeaning.Condition, _ table: String, _ type: TypeReference, _ random: inout SeededRandom
    ) -> JSONValue {
        let named = type.namedType
        if case .enumeration(let enumeration)? = meaning.schema.type(named: named) {
            return .string(random.pick(enumeration.values.keys.elements) ?? "")
        }
        let candidates = rows[table].filter {
            $0["org_id"] == nil || ($0["org_id"]?.text == organization) != random.chance(foreign)
        }
        let cell = random.pick(candidates)?[condition.column] ?? .null
        if let prefix = condition.prefix {
            return .string(
                spoiled(Identifier.opaque(cell.text ?? "00000000-0000-4000-8000-000000000000", prefix), &random))
        }
        switch cell {
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value &+ Int64(random.below(3) - 1))
        case .instant(let microseconds, _): return .string(Self.instant(near: microseconds, &random))
        case .text(let text):
            switch condition.comparison {
            case .contains: return .string(Self.part(of: text, &random))
            case .startsWith:
                let start = String(text.prefix(random.below(8)))
                return .string(random.chance(50) ? start : start.uppercased())
            default: return .string(text)
            }
        case .other(.array(let elements)) where !elements.isEmpty: return random.pick(elements) ?? .null
        case .null, .other:
            switch named {
            case "Boolean": return .bool(random.chance(50))
            case "Int": return .int(Int64(random.below(10)))
            case "DateTime": return .string("2030-02-28T23:59:59.999999-15:59")
            default: return .string(random.pick(["", "a", "%", "_", "\\", "ü", "Ü", "\"", "nothing has this"]) ?? "")
            }
        }
    }

    private static func instant(near microseconds: Int64, _ random: inout SeededRandom) -> String {
        let moved = microseconds + Int64(random.below(3) - 1)
        let offset = random.pick([0, 0, 60, -330, 765, 959, -959]) ?? 0
        return Instant.text(moved, offset: offset, letters: random.chance(15) ? ("t", "z") : ("T", "Z"))
    }

    /// A few characters of a text, in one case or the other.
    private static func part(of text: String, _ random: inout SeededRandom) -> String {
        let scalars = Array(text.unicodeScalars)
        let start = random.below(scalars.count)
        let end = min(scalars.count, start + random.below(8))
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars[start..<end])
        switch random.below(3) {
        case 0: return String(part).lowercased()
        case 1: return String(part).uppercased()
        default: return String(part)
        }
    }

    // MARK: Other input

    func input(_ type: TypeReference, _ random: inout SeededRandom, depth: Int) -> JSONValue {
        if !type.isNonNull, random.chance(15) { return .null }
        if let item = type.itemType {
            return .array((0..<random.below(3)).map { _ in input(item, &random, depth: depth + 1) })
        }
        switch meaning.schema.type(named: type.namedType) {
        case .enumeration(let enumeration): return .string(random.pick(enumeration.values.keys.elements) ?? "")
        case .inputObject(let object):
            var members: OrderedDictionary<String, JSONValue> = [:]
            for field in object.fields.values {
                let absent = depth > 3 ? 100 : isAimed(field, object.name) ? 0 : 35
                if !field.isRequired, random.chance(absent) { continue }
                members[field.name] = input(field.type, &random, depth: depth + 1)
            }
            if object.isOneOf, let chosen = random.pick(object.fields.values.elements) {
                members = [chosen.name: input(.nonNull(chosen.type.nullable), &random, depth: depth + 1)]
            }
            return .object(members)
        default:
            switch type.namedType {
            case "Int": return .int(Int64(random.below(100)))
            case "Float": return .number("1.5")
            case "Boolean": return .bool(random.chance(50))
            case "DateTime": return .string("2026-03-01T12:00:00Z")
            case "TimeZone": return .string(random.pick(Self.timeZones) ?? "UTC")
            case "JSON": return json(&random, depth: 0)
            case "ID": return .string(id(of: meaning.tables.keys.sorted(), &random))
            default: return .string(random.pick(["+15005550100", "a “text”\n\"\\\t\u{7f}\u{2028}é😀", ""]) ?? "")
            }
        }
    }

    func isAimed(_ field: InputValueDefinition, _ input: String) -> Bool {
        aim?.isServed(by: field, ofInput: input) ?? false
    }

    /// Anything, nested a little.
    private func json(_ random: inout SeededRandom, depth: Int) -> JSONValue {
        switch random.below(depth < 2 ? 8 : 5) {
        case 0: return .int(Int64(random.below(100)) - 50)
        case 1: return .bool(random.chance(50))
        case 2: return .number("12.50")
        case 3, 4: return .string(random.pick(["", "Ünal “q”", "{name}", "\u{2028}\"\\"]) ?? "")
        case 5: return .array((0..<random.below(3)).map { _ in json(&random, depth: depth + 1) })
        default:
            var members: OrderedDictionary<String, JSONValue> = [:]
            for name in ["name", "phone", "_1"] where random.chance(60) {
                members[name] = random.chance(10) ? .null : json(&random, depth: depth + 1)
            }
            return .object(members)
        }
    }

    // MARK: As it is written

    /// A value of this type as a literal.
    func literal(_ value: JSONValue, _ type: TypeReference) -> String {
        if let items = value.arrayValue, let item = type.itemType {
            return "[" + items.map { literal($0, item) }.joined(separator: ", ") + "]"
        }
        switch (value, meaning.schema.type(named: type.namedType)) {
        case (.string(let name), .enumeration): return name
        case (.object(let members), .inputObject(let input)):
            let fields = members.map { name, value in
                "\(name): \(literal(value, input.fields[name]?.type ?? .named("String")))"
            }
            return "{" + fields.joined(separator: ", ") + "}"
        case (.object(let members), _):
            return "{" + members.map { "\($0): \(literal($1, type))" }.joined(separator: ", ") + "}"
        case (.array(let items), _):
            return "[" + items.map { literal($0, type) }.joined(separator: ", ") + "]"
        default: return String(decoding: value.bytes, as: UTF8.self)
        }
    }
}
