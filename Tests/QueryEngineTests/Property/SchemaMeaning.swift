import GraphQL
import OrderedCollections
import QueryEngine

/// What the directives of `Schema/Bindings.graphql` mean, read once more and independently of the engine: by the words of
/// that file, straight from the schema. What it does not know it refuses with a sentence, so that no binding, operator or
/// argument comes into the schema without these tests.
struct SchemaMeaning: Sendable {
    struct Table: Sendable {
        let type: String
        let name: String
        let prefix: String
        let isPlatform: Bool
        let tenantColumn: String
    }

    struct Order: Sendable, Hashable {
        let column: String
        let descending: Bool
    }

    struct Many: Sendable {
        let key: String?
        let order: Order
    }

    /// Numbers over rows.
    struct Aggregate: Sendable {
        let table: Table
        let key: String?
        let bucket: String?
    }

    struct Measure: Sendable {
        let function: String
        let column: String?
        /// Only rows whose column is one of these values.
        let only: (column: String, values: [String])?
    }

    /// What answers a field.
    enum Answer: Sendable {
        /// With a prefix where it is an opaque ID.
        case column(String, prefix: String?)
        case money(micros: String, currency: String)
        case embedded
        case one(key: String)
        case many(Many)
        case aggregate(Aggregate)
        case measure(Measure)
        case group(String, prefix: String?)
        case byID(argument: String)
        case tenant
        case namespace
        case resolver(String)
        case command(String)
        case feed(String)
        /// Its parent's value has it: connections, edges, payloads, amounts, and what Swift answers.
        case part
    }

    enum Operator: String, Sendable, CaseIterable {
        case equals = "EQUALS"
        case isIn = "IN"
        case greaterOrEqual = "GREATER_OR_EQUAL"
        case less = "LESS"
        case contains = "CONTAINS"
        case startsWith = "STARTS_WITH"
        case has = "HAS"
    }

    struct Condition: Sendable {
        let column: String
        let comparison: Operator
        let prefix: String?
    }

    /// What an argument is for.
    enum Purpose: Sendable {
        case pageSize, cursor
        case filter(String)
        case condition(Condition)
        case order(String)
        case bucket(String)
        case groups(String)
        case timeZone
        case id
        /// Of a command or a resolver.
        case input
    }

    struct Untested: Error, CustomStringConvertible {
        let sentences: [String]
        var description: String { sentences.joined(separator: "\n") }
    }

    let schema: Schema
    private(set) var tables: [String: Table] = [:]
    private(set) var nodeTypes: [String: String] = [:]
    private(set) var embedded: Set<String> = []
    private(set) var payloads: Set<String> = []
    /// By input type, then field.
    private(set) var conditions: [String: OrderedDictionary<String, Condition>] = [:]
    /// Filters inside filters: by input type, then field; AND, OR or NOT.
    private(set) var combinations: [String: [String: String]] = [:]
    /// Units of time, by enum, then value.
    private(set) var buckets: [String: [String: String]] = [:]
    /// Columns to group by, by enum, then value.
    private(set) var groups: [String: [String: String]] = [:]
    /// By enum, then value.
    private(set) var orders: [String: OrderedDictionary<String, Order>] = [:]
    private var sentences: [String] = []

    init(_ schema: Schema) throws(Untested) {
        self.schema = schema
        refuseUnknownDirectives()
        for (name, type) in schema.types where !name.hasPrefix("__") { read(type) }
        for (name, type) in schema.types where !name.hasPrefix("__") {
            for field in type.fields?.values.elements ?? [] { checkArguments(of: field, in: name) }
        }
        guard sentences.isEmpty else { throw Untested(sentences: sentences) }
    }

    // MARK: What is known

    private static let known: [String: Set<String>] = [
        "access": ["roles"], "table": ["name", "prefix", "scope", "tenantColumn"], "column": ["name", "prefix"],
        "money": ["micros", "currency"], "embedded": [], "one": ["key"], "many": ["key", "orderBy", "direction"],
        "byId": ["argument"], "tenant": [], "namespace": ["scope"], "resolver": ["name"], "command": ["name"],
        "feed": ["kind"], "where": ["column", "operator", "prefix"], "order": ["column", "direction"],
        "combine": ["with"], "aggregate": ["table", "key", "bucket", "scope"],
        "measure": ["function", "column", "where", "in"], "group": ["column", "prefix"], "bucket": ["unit"],
    ]
    private static let answers: Set = [
        "column", "money", "embedded", "one", "many", "byId", "tenant", "namespace", "resolver", "command", "feed",
        "aggregate", "measure", "group",
    ]
    private static let specified: Set = ["skip", "include", "deprecated", "specifiedBy", "oneOf"]
    private static let paging: Set = ["first", "last", "after", "before"]

    private mutating func refuseUnknownDirectives() {
        for (name, directive) in schema.directives where !Self.specified.contains(name) {
            guard let arguments = Self.known[name] else {
                sentences.append(
                    "@\(name): the property test does not know this binding. Say in SchemaMeaning what it means, and in "
                        + "Interpreter what it answers.")
                continue
            }
            for argument in directive.arguments.values {
                if !arguments.contains(argument.name) {
                    sentences.append("@\(name)(\(argument.name):): the property test does not know this argument.")
                }
                guard case .enumeration(let type)? = schema.type(named: argument.type.namedType) else { continue }
                let values: [String] =
                    switch type.name {
                    case "Operator": Operator.allCases.map(\.rawValue)
                    case "Direction": ["ASC", "DESC"]
                    case "Scope": ["TENANT", "PLATFORM"]
                    case "Combination": ["AND", "OR", "NOT"]
                    case "Function": ["COUNT", "SUM", "MIN", "MAX"]
                    case "TimeUnit": ["HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]
                    case "Role": Role.allCases.map(\.rawValue)
                    default: []
                    }
                for value in type.values.keys where !values.contains(value) {
                    sentences.append("\(type.name).\(value): the property test does not know what this means.")
                }
            }
        }
    }

    // MARK: Types

    private mutating func read(_ type: NamedType) {
        switch type {
        case .object(let object):
            if let table = object.directives.first(named: "table") {
                tables[object.name] = Table(
                    type: object.name, name: text(table, "name") ?? "", prefix: text(table, "prefix") ?? "",
                    isPlatform: word(table, "scope") == "PLATFORM", tenantColumn: text(table, "tenantColumn") ?? "")
            }
            if object.name.hasSuffix("Connection"), let nodes = object.fields["nodes"] {
                nodeTypes[object.name] = nodes.type.namedType
                let parts: Set = ["edges", "nodes", "pageInfo", "totalCount"]
                for field in object.fields.keys where !parts.contains(field) {
                    sentences.append("\(object.name).\(field): the property test does not know this part of a page.")
                }
            }
            for field in object.fields.values {
                if field.directives.first(named: "embedded") != nil { embedded.insert(field.type.namedType) }
                if field.directives.first(named: "command") != nil { payloads.insert(field.type.namedType) }
            }
        case .inputObject(let input):
            for field in input.fields.values {
                if let directive = field.directives.first(named: "where") {
                    conditions[input.name, default: [:]][field.name] = condition(directive)
                } else if let directive = field.directives.first(named: "combine") {
                    combinations[input.name, default: [:]][field.name] = word(directive, "with")
                }
            }
            guard let known = conditions[input.name] else { return }
            for field in input.fields.keys where known[field] == nil && combinations[input.name]?[field] == nil {
                sentences.append("\(input.name).\(field): the property test does not know what it filters by.")
            }
        case .enumeration(let enumeration):
            for value in enumeration.values.values {
                if let directive = value.directives.first(named: "order") {
                    orders[enumeration.name, default: [:]][value.name] = Order(
                        column: text(directive, "column") ?? "", descending: word(directive, "direction") == "DESC")
                } else if let directive = value.directives.first(named: "bucket") {
                    buckets[enumeration.name, default: [:]][value.name] = word(directive, "unit")
                } else if let directive = value.directives.first(named: "group") {
                    groups[enumeration.name, default: [:]][value.name] = text(directive, "column")
                }
            }
        default: break
        }
    }

    private func condition(_ directive: Directive) -> Condition {
        Condition(
            column: text(directive, "column") ?? "",
            comparison: word(directive, "operator").flatMap(Operator.init(rawValue:)) ?? .equals,
            prefix: text(directive, "prefix"))
    }

    /// The tables and views that answer something.
    var tableNames: Set<String> {
        var names = Set(tables.values.map(\.name))
        for (name, type) in schema.types {
            for field in type.fields?.values.elements ?? [] {
                if case .aggregate(let aggregate) = answer(field, in: name) { names.insert(aggregate.table.name) }
            }
        }
        return names
    }

    private mutating func checkArguments(of field: FieldDefinition, in type: String) {
        for argument in field.arguments.values where purpose(of: argument, field, in: type) == nil {
            sentences.append(
                "\(type).\(field.name)(\(argument.name):): the property test does not know what it is for.")
        }
    }

    // MARK: Fields

    func answer(_ field: FieldDefinition, in type: String) -> Answer {
        guard let directive = field.directives.first(where: { Self.answers.contains($0.name) }) else {
            guard tables[type] != nil || embedded.contains(type) else { return .part }
            return column(Self.snakeCase(field.name), nil, field, in: type)
        }
        switch directive.name {
        case "column": return column(text(directive, "name") ?? "", text(directive, "prefix"), field, in: type)
        case "money":
            return .money(micros: text(directive, "micros") ?? "", currency: text(directive, "currency") ?? "")
        case "embedded": return .embedded
        case "one": return .one(key: text(directive, "key") ?? "")
        case "many":
            let order = Order(
                column: text(directive, "orderBy") ?? "", descending: word(directive, "direction") == "DESC")
            return .many(Many(key: text(directive, "key"), order: order))
        case "aggregate":
            let name = text(directive, "table") ?? ""
            let table = Table(
                type: field.type.namedType, name: name, prefix: "", isPlatform: word(directive, "scope") == "PLATFORM",
                tenantColumn: tables.values.first { $0.name == name }?.tenantColumn ?? "org_id")
            return .aggregate(
                Aggregate(table: table, key: text(directive, "key"), bucket: text(directive, "bucket")))
        case "measure":
            let values = value(directive, "in")?.listValue?.compactMap(\.stringValue) ?? []
            return .measure(
                Measure(
                    function: word(directive, "function") ?? "", column: text(directive, "column"),
                    only: text(directive, "where").map { ($0, values) }))
        case "group": return .group(text(directive, "column") ?? "", prefix: text(directive, "prefix"))
        case "byId": return .byID(argument: text(directive, "argument") ?? "")
        case "tenant": return .tenant
        case "namespace": return .namespace
        case "resolver": return .resolver(text(directive, "name") ?? "")
        case "command": return .command(text(directive, "name") ?? "")
        default: return .feed(text(directive, "kind") ?? "")
        }
    }

    private func column(_ name: String, _ prefix: String?, _ field: FieldDefinition, in type: String) -> Answer {
        guard field.type.namedType == "ID" else { return .column(name, prefix: nil) }
        return .column(name, prefix: prefix ?? tables[type]?.prefix)
    }

    func purpose(of argument: InputValueDefinition, _ field: FieldDefinition, in type: String) -> Purpose? {
        let named = argument.type.namedType
        switch answer(field, in: type) {
        case .byID(let name): return name == argument.name ? .id : nil
        case .command, .resolver: return .input
        case .many, .feed, .aggregate:
            if let directive = argument.directives.first(named: "where") { return .condition(condition(directive)) }
            if buckets[named] != nil { return .bucket(named) }
            if groups[named] != nil { return .groups(named) }
            if named == "TimeZone" { return .timeZone }
            if Self.paging.contains(argument.name) {
                return argument.name == "first" || argument.name == "last" ? .pageSize : .cursor
            }
            if conditions[named] != nil { return .filter(named) }
            return orders[named] != nil ? .order(named) : nil
        default: return nil
        }
    }

    /// Whether the role may ask for the field and sees its type; for a page, also what it is a page of.
    func allows(_ role: Role, _ field: FieldDefinition, in type: String) -> Bool {
        let named = field.type.namedType
        return allows(role, field.directives) && allows(role, type: named)
            && (nodeTypes[named].map { allows(role, type: $0) } ?? true)
    }

    func allows(_ role: Role, type: String) -> Bool {
        allows(role, schema.type(named: type)?.directives ?? [])
    }

    private func allows(_ role: Role, _ directives: [Directive]) -> Bool {
        guard let roles = directives.first(named: "access")?.argument("roles")?.listValue else { return true }
        return roles.contains { $0.enumValue == role.rawValue }
    }

    static func snakeCase(_ name: String) -> String {
        String(name.flatMap { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" })
    }

    // MARK: Directives

    private func text(_ directive: Directive, _ argument: String) -> String? { value(directive, argument)?.stringValue }
    private func word(_ directive: Directive, _ argument: String) -> String? { value(directive, argument)?.enumValue }

    private func value(_ directive: Directive, _ argument: String) -> Value? {
        directive.argument(argument) ?? schema.directives[directive.name]?.arguments[argument]?.defaultValue
    }
}
