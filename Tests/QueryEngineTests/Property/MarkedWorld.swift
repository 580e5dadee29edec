import Foundation
import GraphQL
import Logging
import OrderedCollections
import Postgres
import QueryEngine
import TestSupport

/// An engine over the two marked tenants, and an interpreter over the same rows.
struct MarkedWorld: Sendable {
    let data: TestDatabase
    let database: Database
    let engine: Engine
    let meaning: SchemaMeaning
    var interpreter: Interpreter

    /// Pages are small, so that documents of a few fields meet full ones, and the whole cost is allowed.
    static let configuration: EngineConfiguration = {
        var configuration = EngineConfiguration()
        configuration.defaultPageSize = 5
        configuration.maximumPageSize = 60
        configuration.costLimit = 1 << 40
        // A fragment of a wide object may be spread several times.
        configuration.limits.aliases = 1_000
        configuration.cachedOperations = 4_000
        configuration.statementTimeout = .seconds(60)
        configuration.feedPollInterval = .milliseconds(20)
        return configuration
    }()

    func values(for organization: String?) -> ValueSource {
        ValueSource(
            meaning: meaning, rows: interpreter.rows, cursors: interpreter.cursors,
            maximumPageSize: Self.configuration.maximumPageSize, organization: organization)
    }
}

/// - Parameters:
///   - tenants: whose rows are there.
///   - preparing: SQL that superuser runs afterwards.
func withMarkedWorld<R>(
    _ tenants: [MarkedTenant] = MarkedTenant.both, sql: SQLOptions = SQLOptions(), preparing: String = "",
    isolation: isolated (any Actor)? = #isolation, _ body: (MarkedWorld) async throws -> R
) async throws -> R {
    try await withMigratedDatabase { data in
        try await data.psql(tenants.map(\.rows).joined(separator: "\n") + "\nANALYZE;\n" + preparing)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        // One connection for quick reads, so that they share it.
        let settings = DatabaseConfiguration(
            conninfo: data.conninfo, readers: 1, quickRead: .seconds(1), acquireTimeout: .seconds(60))
        let database = Database(configuration: settings, logger: logger)
        let (schema, catalog) = try TestSchema.bindings()
        let meaning = try SchemaMeaning(schema)
        let rows = try await Rows(of: meaning.tableNames, from: data)
        let standIns = StandIns(meaning: meaning, rows: rows)
        let engine = try Engine(
            schema: schema, catalog: catalog, database: database, commands: standIns.commands,
            resolvers: standIns.resolvers, configuration: MarkedWorld.configuration, sql: sql, logger: logger)
        let interpreter = Interpreter(
            meaning: meaning, rows: rows, standIns: standIns,
            defaultPageSize: MarkedWorld.configuration.defaultPageSize,
            maximumPageSize: MarkedWorld.configuration.maximumPageSize)
        let result: Result<R, any Error>
        do {
            result = .success(
                try await body(
                    MarkedWorld(
                        data: data, database: database, engine: engine, meaning: meaning, interpreter: interpreter)))
        } catch {
            result = .failure(error)
        }
        await database.close()
        return try result.get()
    }
}

extension MarkedWorld {
    /// The cursors of all rows in all connections and orders, asked of the engine.
    func readCursors() async throws -> CursorBook {
        var book = CursorBook()
        for type in meaning.schema.types.values {
            guard case .object(let object) = type, !object.name.hasPrefix("__") else { continue }
            for field in object.fields.values {
                guard case .many(let many) = meaning.answer(field, in: object.name),
                    let node = meaning.nodeTypes[field.type.namedType], let table = meaning.tables[node]
                else { continue }
                var orders = [("", many.order)]
                for argument in field.arguments.values {
                    for (value, order) in meaning.orders[argument.type.namedType] ?? [:] {
                        orders.append((", \(argument.name): \(value)", order))
                    }
                }
                for (argument, order) in orders {
                    let selection =
                        "\(field.name)(first: \(Self.configuration.maximumPageSize)\(argument)) "
                        + "{ edges { cursor node { id } } pageInfo { hasNextPage } }"
                    for caller in table.isPlatform
                        ? [MarkedTenant.platform] : MarkedTenant.both.map({ $0.caller(.owner) })
                    {
                        let place = CursorBook.Place(
                            coordinate: "\(object.name).\(field.name)", order: order,
                            organization: caller.organization?.description.lowercased())
                        for document in try documents(around: selection, of: object, caller) {
                            try await note(document, table, place, caller, in: &book)
                        }
                    }
                }
            }
        }
        return book
    }

    /// The selection at every place where it can be reached.
    private func documents(around selection: String, of object: ObjectType, _ caller: Caller) throws -> [String] {
        if object.name == meaning.schema.queryType.name { return ["{ \(selection) }"] }
        for field in meaning.schema.queryType.fields.values where field.type.namedType == object.name {
            if case .namespace = meaning.answer(field, in: meaning.schema.queryType.name) {
                return ["{ \(field.name) { \(selection) } }"]
            }
        }
        guard let table = meaning.tables[object.name], object.interfaces.contains("Node") else {
            throw SchemaMeaning.Untested(sentences: ["\(object.name): the property test cannot reach its connections."])
        }
        let organization = caller.organization?.description.lowercased()
        return interpreter.rows.rows(of: table, in: organization).compactMap { row in
            row["id"]?.text.map { id in
                "{ node(id: \"\(Identifier.opaque(id, table.prefix))\") { ... on \(object.name) { \(selection) } } }"
            }
        }
    }

    private func note(
        _ document: String, _ table: SchemaMeaning.Table, _ place: CursorBook.Place, _ caller: Caller,
        in book: inout CursorBook
    ) async throws {
        let answer = try JSONValue(parsing: await engine.execute(EngineRequest(document), caller: caller).bytes)
        var page = answer["data"]
        while let inner = page, inner["edges"] == nil { page = inner.objectValue?.values.first }
        guard let edges = page?["edges"]?.arrayValue, page?["pageInfo"]?["hasNextPage"] == false else {
            throw SchemaMeaning.Untested(sentences: ["No whole page of \(place.coordinate): \(answer)"])
        }
        for edge in edges {
            guard let cursor = edge["cursor"]?.stringValue, let id = edge["node"]?["id"]?.stringValue,
                let uuid = Identifier.uuid(id, table.prefix)
            else { continue }
            book.note(cursor, of: uuid, at: place)
        }
    }
}
