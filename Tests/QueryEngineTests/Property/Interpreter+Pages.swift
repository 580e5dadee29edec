import GraphQL
import OrderedCollections
import QueryEngine

/// Lists, filters and pages, by the words of the schema and of the Relay cursor connections specification.
extension Interpreter.Run {
    typealias Page = Interpreter.Page

    func many(
        _ many: SchemaMeaning.Many, _ field: Field, _ definition: FieldDefinition, of type: String, _ parent: Row
    ) -> Value {
        let named = definition.type.namedType
        let nodeType = meaning.nodeTypes[named] ?? named
        guard let table = meaning.tables[nodeType] else { return .null }
        let arguments = self.arguments(of: field, definition)
        let order = order(many, definition, arguments)
        var rows = rows(of: table)
        if let key = many.key { rows = rows.filter { $0[key] == parent["id"] && $0[key] != .null } }
        rows = rows.filter { passes($0, arguments, definition, of: type) }
        rows.sort { Self.isBefore($0, $1, order) }
        guard meaning.nodeTypes[named] != nil else { return .list(rows.map { .object(nodeType, .row($0)) }) }
        let place = CursorBook.Place(
            coordinate: "\(type).\(field.name)", order: order, organization: table.isPlatform ? nil : organization)
        return .object(named, .page(page(rows, arguments, place, nodeType, table)))
    }

    func order(
        _ many: SchemaMeaning.Many, _ definition: FieldDefinition, _ arguments: [String: JSONValue]
    ) -> SchemaMeaning.Order {
        for argument in definition.arguments.values {
            if let orders = meaning.orders[argument.type.namedType], let value = arguments[argument.name]?.stringValue,
                let order = orders[value]
            {
                return order
            }
        }
        return many.order
    }

    /// By the order's column, then by the id, both in the order's direction.
    static func isBefore(_ left: Row, _ right: Row, _ order: SchemaMeaning.Order) -> Bool {
        for column in [order.column, "id"] {
            let (first, second) = (left[column] ?? .null, right[column] ?? .null)
            if first == second { continue }
            return order.descending ? Cell.isBefore(second, first) : Cell.isBefore(first, second)
        }
        return false
    }

    // MARK: Filters

    /// All arguments that filter.
    func passes(
        _ row: Row, _ arguments: [String: JSONValue], _ definition: FieldDefinition, of type: String
    ) -> Bool {
        definition.arguments.values.allSatisfy { argument in
            guard let value = arguments[argument.name], !value.isNull else { return true }
            switch meaning.purpose(of: argument, definition, in: type) {
            case .filter(let input): return passes(row, value.objectValue ?? [:], input)
            case .condition(let condition): return passes(row[condition.column] ?? .null, condition, value)
            default: return true
            }
        }
    }

    func passes(_ row: Row, _ filter: OrderedDictionary<String, JSONValue>, _ input: String) -> Bool {
        for (name, combination) in meaning.combinations[input] ?? [:] {
            guard let value = filter[name], !value.isNull else { continue }
            let results = (value.arrayValue ?? [value]).map { passes(row, $0.objectValue ?? [:], input) }
            switch combination {
            case "AND": if !results.allSatisfy({ $0 }) { return false }
            case "OR": if !results.contains(true) { return false }
            default: if results.contains(true) { return false }
            }
        }
        for (name, condition) in meaning.conditions[input] ?? [:] {
            guard let value = filter[name], !value.isNull else { continue }
            guard passes(row[condition.column] ?? .null, condition, value) else { return false }
        }
        return true
    }

    private func passes(_ cell: Cell, _ condition: SchemaMeaning.Condition, _ value: JSONValue) -> Bool {
        guard cell != .null else { return false }
        switch condition.comparison {
        case .equals: return equals(cell, condition, value)
        case .isIn: return (value.arrayValue ?? [value]).contains { equals(cell, condition, $0) }
        case .greaterOrEqual: return wanted(cell, value).map { !Cell.isBefore(cell, $0) } ?? false
        case .less: return wanted(cell, value).map { Cell.isBefore(cell, $0) } ?? false
        case .contains:
            guard let text = cell.text, let part = value.stringValue else { return false }
            return Self.contains(Self.lower(text), Self.lower(part))
        case .startsWith:
            guard let text = cell.text, let part = value.stringValue else { return false }
            return Array(text.unicodeScalars).starts(with: Self.lower(part))
        case .has:
            guard case .other(.array(let elements)) = cell else { return false }
            return elements.contains(value)
        }
    }

    private func equals(_ cell: Cell, _ condition: SchemaMeaning.Condition, _ value: JSONValue) -> Bool {
        if let prefix = condition.prefix {
            return value.stringValue.flatMap { Identifier.uuid($0, prefix) }.map { cell == .text($0) } ?? false
        }
        guard let wanted = wanted(cell, value) else { return false }
        if case (.instant(let left, _), .instant(let right, _)) = (cell, wanted) { return left == right }
        return cell == wanted
    }

    /// The value as a cell of the same kind.
    private func wanted(_ cell: Cell, _ value: JSONValue) -> Cell? {
        switch (cell, value) {
        case (.bool, .bool(let value)): .bool(value)
        case (.int, .int(let value)): .int(value)
        case (.text, .string(let value)): .text(value)
        case (.instant, .string(let value)): Instant.microseconds(value).map { .instant($0, value) }
        default: nil
        }
    }

    private static func lower(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
    }

    private static func contains(_ text: [Unicode.Scalar], _ part: [Unicode.Scalar]) -> Bool {
        guard !part.isEmpty else { return true }
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    // MARK: Pages

    private func page(
        _ rows: [Row], _ arguments: [String: JSONValue], _ place: CursorBook.Place, _ nodeType: String,
        _ table: SchemaMeaning.Table
    ) -> Page {
        func row(_ argument: String) -> Row? {
            guard let cursor = arguments[argument]?.stringValue,
                let id = interpreter.cursors.row(of: cursor, at: place)
            else { return nil }
            return self.rows(of: table).first { $0["id"] == .text(id) }
        }
        let (after, before) = (row("after"), row("before"))
        let (first, last) = (arguments["first"]?.intValue, arguments["last"]?.intValue)
        // ApplyCursorsToEdges
        var edges = rows
        if let after { edges = edges.filter { Self.isBefore(after, $0, place.order) } }
        if let before { edges = edges.filter { Self.isBefore($0, before, place.order) } }
        let isFollowed = before.map { before in rows.contains { !Self.isBefore($0, before, place.order) } } ?? false
        let isPreceded = after.map { after in rows.contains { !Self.isBefore(after, $0, place.order) } } ?? false
        // EdgesToReturn, HasNextPage and HasPreviousPage. Without first and last, the schema's default page from the start.
        if let last {
            let kept = Array(edges.suffix(Int(last)))
            return Page(
                nodeType: nodeType, place: place, rows: kept, totalCount: rows.count, hasNextPage: isFollowed,
                hasPreviousPage: edges.count > Int(last))
        }
        let size = first.map(Int.init) ?? interpreter.defaultPageSize
        return Page(
            nodeType: nodeType, place: place, rows: Array(edges.prefix(size)), totalCount: rows.count,
            hasNextPage: edges.count > size || (first == nil && isFollowed), hasPreviousPage: isPreceded)
    }

    func part(_ name: String, _ type: String, of page: Page) -> Value {
        switch name {
        case "nodes": .list(page.rows.map { .object(page.nodeType, .row($0)) })
        case "edges": .list(page.rows.map { .object(type, .edge(page, $0)) })
        case "pageInfo": .object(type, .page(page))
        case "totalCount": .leaf(.int(Int64(page.totalCount)))
        case "hasNextPage": .leaf(.bool(page.hasNextPage))
        case "hasPreviousPage": .leaf(.bool(page.hasPreviousPage))
        case "startCursor": page.rows.first.map { cursor(of: $0, page) } ?? .null
        case "endCursor": page.rows.last.map { cursor(of: $0, page) } ?? .null
        default: .null
        }
    }

    func cursor(of row: Row, _ page: Page) -> Value {
        .leaf(.string(interpreter.cursors.cursor(of: row["id"]?.text ?? "", at: page.place) ?? "a cursor never seen"))
    }
}
