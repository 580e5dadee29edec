import Accounts
import Foundation
import GraphQL
import OrderedCollections
import QueryEngine
import SchemaFiles
import TestSupport
import TestWorld
import Testing

/// Every field of the API, asked for as every role, compared with the reviewed table `access.golden`.
/// `SWITCHBOARD_UPDATE_GOLDEN=1` writes the table anew; the difference is then what is reviewed.
@Suite struct AccessTableTests {
    private static let path = RepositoryFile.path("Tests/AccountsTests/access.golden")

    @Test func `every field answers every role as the reviewed table says`() async throws {
        let schema = try Schema(sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: $0.name) })
        let questions = Questions(schema: schema).all
        let table = try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            var lines: [String] = []
            for (coordinate, document) in questions {
                var allowed: [String] = []
                for role in QueryEngine.Role.allCases {
                    let organization = role.isOfOrganization ? clinic.organization : nil
                    let caller = Caller(
                        kind: role == .anonymous ? .anonymous : .apiKey(id: UUID()), role: role,
                        organization: organization, requestID: "request", address: "192.0.2.1")
                    var errors = world.engine.explain(
                        EngineRequest(document), role: role, organization: organization
                    ).errors
                    // Every query, and every mutation as such, is asked for in earnest as well.
                    if document.hasPrefix("query") || coordinate.hasPrefix("Mutation.") {
                        let answer = await world.engine.execute(EngineRequest(document), caller: caller)
                        let isRefused = answer.failure == .forbidden || answer.failure == .unauthenticated
                        #expect(isRefused == !errors.isEmpty, "\(coordinate) as \(role.rawValue)")
                        #expect(
                            !answer.errors.contains { $0.code == .internal },
                            "\(coordinate) as \(role.rawValue): \(answer.errors)")
                        errors = isRefused ? answer.errors : []
                    }
                    let codes = Set(errors.map(\.code.rawValue))
                    if codes.isEmpty { allowed.append(role.rawValue) }
                    let expected = role == .anonymous ? "UNAUTHENTICATED" : "FORBIDDEN"
                    #expect(codes.isSubset(of: [expected]), "\(coordinate) as \(role.rawValue): \(codes) \(document)")
                }
                lines.append("\(coordinate): \(allowed.isEmpty ? "nobody" : allowed.joined(separator: " "))")
            }
            return lines.joined(separator: "\n") + "\n"
        }
        if ProcessInfo.processInfo.environment["SWITCHBOARD_UPDATE_GOLDEN"] != nil {
            try table.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }
        let reviewed = (try? String(contentsOfFile: Self.path, encoding: .utf8)) ?? ""
        let difference = table.split(separator: "\n").difference(from: reviewed.split(separator: "\n"))
        #expect(difference.isEmpty, "\(difference)")
        #expect(questions.count > 100)
    }

    /// Each way of paging is another statement.
    @Test func `every connection is answered in both directions, with and without variables`() async throws {
        let schema = try Schema(sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: $0.name) })
        let connections = Questions(schema: schema).connections
        #expect(connections.count > 10)
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            for (coordinate, document) in connections {
                let isPlatform = coordinate.hasPrefix("Platform.")
                let caller = Caller(
                    kind: .apiKey(id: UUID()), role: isPlatform ? .platformAdmin : .owner,
                    organization: isPlatform ? nil : clinic.organization, requestID: "request")
                let (schema, field) = (schema, coordinate.split(separator: ".").map(String.init))
                let definition = try #require(schema.type(named: field[0])?.fields?[field[1]])
                let sizes =
                    ["first: 2", "first: $n"] + (definition.arguments["last"] == nil ? [] : ["last: 2", "last: $n"])
                for size in sizes {
                    let head = size.contains("$") ? "query ($n: Int)" : "query"
                    let text = head + document.replacing("SIZE", with: size)
                    let answer = await world.engine.execute(
                        EngineRequest(text, variables: size.contains("$") ? ["n": .number("2")] : [:]), caller: caller)
                    #expect(answer.errors.isEmpty && answer.failure == nil, "\(text): \(answer.errors)")
                }
            }
        }
    }
}

/// For each field of each type that can be reached: a document that asks for it, with arguments that have the right shape
/// and name nothing that there is.
private struct Questions {
    let schema: Schema

    /// Every field, in a document that asks for it.
    var all: [(coordinate: String, document: String)] { walk().fields }

    /// Every connection that a query reaches, in a selection with `SIZE` in the place of the page's size.
    var connections: [(coordinate: String, document: String)] { walk().connections }

    private func walk() -> (fields: [(String, String)], connections: [(String, String)]) {
        var found: [(String, String)] = []
        var connections: [(String, String)] = []
        var seen: Set<String> = []
        var open: [(type: String, around: (String) -> String)] = []
        // What is behind an interface is as if it did not exist for a role that may not see it, so a type is looked at
        // where it stands by itself, if it does.
        var behind: [(type: String, around: (String) -> String)] = []
        for (root, word) in [
            (schema.queryType.name, "query"), (schema.mutationType?.name ?? "", "mutation"),
            (schema.subscriptionType?.name ?? "", "subscription"),
        ] where schema.type(named: root) != nil {
            open.append((root, { "\(word) { \($0) }" }))
        }
        while !open.isEmpty || !behind.isEmpty {
            let (type, around) = open.isEmpty ? behind.removeFirst() : open.removeFirst()
            guard seen.insert(type).inserted, let fields = schema.type(named: type)?.fields else { continue }
            for (name, field) in fields {
                let call = name + arguments(field)
                let below = field.type.namedType
                let isLeaf = schema.type(named: below)?.isLeaf == true
                found.append(("\(type).\(name)", around(isLeaf ? call : "\(call) { \(leaf(of: below)) }")))
                guard !isLeaf else { continue }
                if below.hasSuffix("Connection") {
                    let page = "edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount"
                    let document = around("\(name)(SIZE) { nodes { __typename } \(page) }")
                    if document.hasPrefix("query") {
                        connections.append(("\(type).\(name)", String(document.dropFirst("query".count))))
                    }
                }
                open.append((below, { around("\(call) { \($0) }") }))
                for object in schema.possibleTypes(of: below) where object != below {
                    behind.append((object, { around("\(call) { ... on \(object) { \($0) } }") }))
                }
            }
        }
        return (found, connections)
    }

    /// Something to select.
    private func leaf(of type: String) -> String { "__typename" }

    private func arguments(_ field: FieldDefinition) -> String {
        let given = field.arguments.values.filter { $0.type.isNonNull && $0.defaultValue == nil }
            .map { "\($0.name): \(value($0.type))" }
        return given.isEmpty ? "" : "(\(given.joined(separator: ", ")))"
    }

    private func value(_ type: TypeReference) -> String {
        switch type {
        case .nonNull(let inner): return value(inner)
        case .list(let item): return "[\(value(item))]"
        case .named(let name):
            switch schema.type(named: name) {
            case .enumeration(let enumeration): return enumeration.values.keys.first ?? "NONE"
            case .inputObject(let input):
                let members = input.fields.values.filter { $0.type.isNonNull && $0.defaultValue == nil }
                    .map { "\($0.name): \(value($0.type))" }
                return "{\(members.joined(separator: ", "))}"
            default:
                switch name {
                case "Int": return "1"
                case "Boolean": return "true"
                case "DateTime": return "\"2026-01-01T00:00:00Z\""
                case "E164": return "\"+14155550123\""
                default: return "\"x\""
                }
            }
        }
    }
}
