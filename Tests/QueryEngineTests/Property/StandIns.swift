import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine

/// Resolvers and commands that know nothing but the schema: for every name that it binds, one that answers by its types. A
/// new one needs nothing here. The engine runs them and the interpreter asks them, so both start from the same answer.
struct StandIns: Sendable {
    let meaning: SchemaMeaning
    let rows: Rows

    // MARK: Resolvers

    /// The value of the field that the resolver answers.
    func resolved(_ name: String, _ arguments: [String: JSONValue], _ caller: Caller) -> JSONValue {
        for field in meaning.schema.queryType.fields.values {
            if case .resolver(name) = meaning.answer(field, in: meaning.schema.queryType.name) {
                return fabricate(field.type, salt: caller.role.rawValue.utf8.count + arguments.count, depth: 0)
            }
        }
        return .null
    }

    var resolvers: [String: Resolver] {
        var resolvers: [String: Resolver] = [:]
        for field in meaning.schema.queryType.fields.values {
            guard case .resolver(let name) = meaning.answer(field, in: meaning.schema.queryType.name) else { continue }
            resolvers[name] = { request in
                resolved(name, Dictionary(uniqueKeysWithValues: request.arguments.map { ($0, $1) }), request.caller)
            }
        }
        return resolvers
    }

    /// A value of the type, with a null now and then where one may be.
    private func fabricate(_ type: TypeReference, salt: Int, depth: Int) -> JSONValue {
        switch type {
        case .nonNull(let inner):
            let value = fabricate(inner, salt: salt, depth: depth)
            return value.isNull ? fabricate(inner, salt: salt + 1, depth: depth) : value
        case .list(let item):
            return .array((0..<(salt % 3)).map { fabricate(item, salt: salt + $0, depth: depth + 1) })
        case .named(let name):
            if salt % 4 == 3 || depth > 6 { return .null }
            switch meaning.schema.type(named: name) {
            case .enumeration(let enumeration): return .string(enumeration.values.keys[salt % enumeration.values.count])
            case .object(let object):
                var members: OrderedDictionary<String, JSONValue> = [:]
                for (index, field) in object.fields.values.enumerated() {
                    members[field.name] = fabricate(field.type, salt: salt + index, depth: depth + 1)
                }
                return .object(members)
            case .interface, .union:
                let possible = meaning.schema.possibleTypes(of: name)
                let chosen = possible[salt % max(1, possible.count)]
                guard var members = fabricate(.named(chosen), salt: salt / 2 * 2, depth: depth).objectValue else {
                    return .null
                }
                members["__typename"] = .string(chosen)
                return .object(members)
            default:
                switch name {
                case "Int": return .int(Int64(salt))
                case "Float": return .number("\(salt).5")
                case "Boolean": return .bool(salt % 2 == 0)
                case "DateTime": return .string("2026-03-01T12:00:00.25+00:00")
                default: return .string("\(name) \(salt) “\u{1}\u{2028}\"\\")
                }
            }
        }
    }

    // MARK: Commands

    enum PayloadValue: Sendable {
        case row(Row)
        case json(JSONValue)
    }

    struct Outcome: Sendable {
        var values: [String: PayloadValue] = [:]
        var errors: [JSONValue] = []
        var isRefusedInside = false
    }

    /// Decided by the input alone: a quarter is refused before a transaction, a quarter inside it, and the rest names rows
    /// that are there.
    func outcome(of name: String, _ arguments: [String: JSONValue], organization: String) -> Outcome {
        let input = JSONValue.object(OrderedDictionary(uniqueKeys: ["input"], values: [arguments["input"] ?? .null]))
        var salt = input.bytes.reduce(name.utf8.count) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        var outcome = Outcome()
        if salt % 4 < 2 {
            outcome.isRefusedInside = salt % 4 == 1
            outcome.errors = (0...(salt / 4 % 2)).map { index in
                [
                    "code": "REFUSED", "message": .string("Refused “\(index)”."),
                    "field": index == 0 ? .null : ["input", "id"],
                ]
            }
            return outcome
        }
        let payload = meaning.schema.mutationType?.fields[name]?.type.namedType ?? ""
        for field in meaning.schema.type(named: payload)?.fields?.values.elements ?? [] where field.name != "userErrors"
        {
            salt += 7
            if let table = meaning.tables[field.type.namedType] {
                let candidates = rows.rows(of: table, in: organization)
                if salt % 8 != 0, !candidates.isEmpty {
                    outcome.values[field.name] = .row(candidates[salt % candidates.count])
                }
            } else {
                outcome.values[field.name] = .json(fabricate(field.type, salt: salt, depth: 0))
            }
        }
        return outcome
    }

    var commands: [String: CommandBody] {
        var commands: [String: CommandBody] = [:]
        for field in meaning.schema.mutationType?.fields.values.elements ?? [] {
            guard case .command(let name) = meaning.answer(field, in: meaning.schema.mutationType?.name ?? "") else {
                continue
            }
            commands[name] = { request in
                let arguments = Dictionary(uniqueKeysWithValues: request.arguments.map { ($0, $1) })
                let outcome = outcome(
                    of: request.fieldName, arguments, organization: request.organization.description.lowercased())
                let errors = outcome.errors.map { error in
                    UserError(
                        code: error["code"]?.stringValue ?? "", message: error["message"]?.stringValue ?? "",
                        field: error["field"]?.arrayValue?.compactMap(\.stringValue))
                }
                if !errors.isEmpty, !outcome.isRefusedInside { return try await request.refuse(errors) }
                return try await request.commit { _ in
                    if !errors.isEmpty { return .refused(errors) }
                    return .done(
                        outcome.values.compactMapValues { value in
                            switch value {
                            case .row(let row): row["id"]?.text.flatMap { UUID(uuidString: $0) }.map { .row($0) }
                            case .json(let json): .json(json)
                            }
                        })
                }
            }
        }
        return commands
    }
}
