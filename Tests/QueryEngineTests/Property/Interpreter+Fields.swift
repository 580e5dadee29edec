import Foundation
import GraphQL
import OrderedCollections
import QueryEngine

/// `ResolveFieldValue`: what each binding means.
extension Interpreter.Run {
    typealias Value = Interpreter.Value

    func resolve(_ field: Field, _ definition: FieldDefinition, of type: String, _ parent: Value) -> Value {
        let named = definition.type.namedType
        switch parent {
        case .page(let page): return part(field.name, named, of: page)
        case .edge(let page, let row):
            return field.name == "cursor" ? cursor(of: row, page) : .object(page.nodeType, .row(row))
        case .group(let group): return number(definition, of: type, group)
        case .money(let micros, let currency):
            return .leaf(.string(field.name == "amount" ? Self.amount(micros) : currency))
        case .plain(let json): return plain(json[field.name] ?? .null, named)
        case .payload(let values): return values[field.name] ?? .null
        default: break
        }
        var row: Row = [:]
        if case .row(let own) = parent { row = own }
        switch meaning.answer(definition, in: type) {
        case .column(let column, let prefix):
            let cell = row[column] ?? .null
            if let prefix { return cell.text.map { .leaf(.string(Identifier.opaque($0, prefix))) } ?? .null }
            return cell == .null ? .null : .leaf(cell.json)
        case .money(let micros, let currency):
            guard let micros = row[micros]?.int, let currency = row[currency]?.text else { return .null }
            return .object(named, .money(micros, currency))
        case .embedded: return .object(named, .row(row))
        case .one(let key):
            guard let table = meaning.tables[named], let id = row[key], id != .null else { return .null }
            return only(rows(of: table).first { $0["id"] == id }, named)
        case .many(let many): return self.many(many, field, definition, of: type, row)
        case .aggregate(let aggregate): return self.aggregate(aggregate, field, definition, of: type, row)
        case .byID(let argument):
            let id = arguments(of: field, definition)[argument]?.stringValue ?? ""
            for possible in schema.possibleTypes(of: named) where meaning.allows(caller.role, type: possible) {
                guard let table = meaning.tables[possible], let uuid = Identifier.uuid(id, table.prefix),
                    let found = rows(of: table).first(where: { $0["id"] == .text(uuid) })
                else { continue }
                return .object(possible, .row(found))
            }
            return .null
        case .tenant:
            guard let table = meaning.tables[named] else { return .null }
            return only(rows(of: table).first, named)
        case .namespace: return .object(named, .root)
        case .resolver(let name):
            return plain(interpreter.standIns.resolved(name, arguments(of: field, definition), caller), named)
        case .command: return command(field, definition)
        case .feed: return only(subject, named)
        case .part, .measure, .group: return .null
        }
    }

    func rows(of table: SchemaMeaning.Table) -> [Row] {
        interpreter.rows.rows(of: table, in: organization)
    }

    private func only(_ row: Row?, _ type: String) -> Value {
        row.map { .object(type, .row($0)) } ?? .null
    }

    // MARK: Swift's answers

    private func plain(_ json: JSONValue, _ type: String) -> Value {
        switch json {
        case .null: .null
        case .array(let items): .list(items.map { plain($0, type) })
        case .object(let members) where schema.type(named: type)?.isComposite == true:
            .object(members["__typename"]?.stringValue ?? type, .plain(json))
        default: .leaf(json)
        }
    }

    private func command(_ field: Field, _ definition: FieldDefinition) -> Value {
        let payload = definition.type.namedType
        var values: [String: Value] = [:]
        let outcome = interpreter.standIns.outcome(
            of: field.name, arguments(of: field, definition), organization: organization ?? "")
        values["userErrors"] = plain(.array(outcome.errors), "UserError")
        for (name, value) in outcome.values {
            guard let part = schema.type(named: payload)?.fields?[name] else { continue }
            switch value {
            case .row(let row): values[name] = .object(part.type.namedType, .row(row))
            case .json(let json): values[name] = plain(json, part.type.namedType)
            }
        }
        return .object(payload, .payload(values))
    }

    // MARK: Amounts

    /// Units of the currency: at least two decimals, at most six, and no zero at the end of more than two.
    static func amount(_ micros: Int64) -> String {
        let magnitude = micros.magnitude
        var decimals = "\(magnitude % 1_000_000)"
        decimals = String(repeating: "0", count: 6 - decimals.count) + decimals
        while decimals.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(micros < 0 ? "-" : "")\(magnitude / 1_000_000).\(decimals)"
    }
}
