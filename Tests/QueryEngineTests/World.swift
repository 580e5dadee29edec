import Foundation
import GraphQL
import Logging
import OrderedCollections
import Postgres
import QueryEngine
import SchemaFiles
import TestSupport

/// The repository's own schema, read once.
enum TestSchema {
    static let schema = Result {
        try Schema(
            sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: $0.name) }, scalars: EngineScalars.all)
    }

    static func bindings() throws -> (Schema, BindingCatalog) {
        let schema = try schema.get()
        return (schema, try BindingCatalog(schema: schema))
    }

    /// The schema with more or other SDL.
    static func schema(adding sdl: String = "", replacing: [String: String] = [:]) throws -> Schema {
        let sources = SchemaFiles.all.map { file in
            var text = String(decoding: file.bytes, as: UTF8.self)
            for (old, new) in replacing { text = text.replacingOccurrences(of: old, with: new) }
            return Source(text, name: file.name)
        }
        let added = sdl.isEmpty ? [] : [Source(sdl, name: "added")]
        return try Schema(sources: sources + added, scalars: EngineScalars.all)
    }
}

extension Engine {
    /// What the short way answers; `nil` where it begins nothing, or leaves what it began to `execute`. Each of `callers` asks
    /// in turn, and hands on what became of the request of the one before; the last one's answer is told.
    func answerAtOnce(
        _ request: EngineRequest, callers: [Caller], memo: QueryMemo = QueryMemo()
    ) async -> EngineResponse? {
        var answer: EngineResponse?
        for caller in callers {
            answer = await withCheckedContinuation { continuation in
                let read = begin(request, caller: caller, memo: memo) { continuation.resume(returning: $0) }
                if read == nil { continuation.resume(returning: nil) }
            }
        }
        return answer
    }
}

/// An engine over a migrated database with two clinics in it.
struct World: Sendable {
    let data: TestDatabase
    let database: Database
    let engine: Engine

    func execute(
        _ document: String, _ variables: OrderedDictionary<String, JSONValue> = [:], as caller: Caller
    ) async -> EngineResponse {
        await engine.execute(EngineRequest(document, variables: variables), caller: caller)
    }

    /// Runs SQL as superuser.
    @discardableResult
    func sql(_ text: String) async throws -> String {
        try await data.psql(text)
    }

    /// The response as JSON.
    func ask(
        _ document: String, _ variables: OrderedDictionary<String, JSONValue> = [:],
        as caller: Caller = Clinic.alpha.caller()
    ) async throws -> JSONValue {
        try JSONValue(parsing: await execute(document, variables, as: caller).bytes)
    }
}

extension EngineResponse {
    /// The JSON, also where it comes in pieces.
    func whole() async throws -> [UInt8] {
        guard let export else { return bytes }
        var bytes: [UInt8] = []
        for try await piece in export { piece.forEachPiece { bytes.append(contentsOf: $0) } }
        return bytes
    }
}

func withWorld<R>(
    commands: [String: CommandBody] = [:], resolvers: [String: Resolver] = [:],
    configuration: EngineConfiguration = EngineConfiguration(), sql: SQLOptions = SQLOptions(),
    listening: Bool = false, adding sdl: String = "", tables: String = "", connections: Int = 8,
    isolation: isolated (any Actor)? = #isolation, _ body: (World) async throws -> R
) async throws -> R {
    try await withMigratedDatabase { data in
        try await data.psql(Clinic.alpha.rows + Clinic.beta.rows)
        if !tables.isEmpty { try await data.psql(tables, as: "switchboard_owner") }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var settings = DatabaseConfiguration(conninfo: data.conninfo)
        settings.connections[.tenant] = connections
        let database = Database(configuration: settings, logger: logger)
        let schema = sdl.isEmpty ? try TestSchema.schema.get() : try TestSchema.schema(adding: sdl)
        let catalog = try BindingCatalog(schema: schema)
        try await catalog.check(schema: schema, against: database)
        let listener =
            listening ? NotificationListener(configuration: settings, patience: .seconds(60), logger: logger) : nil
        let engine = try Engine(
            schema: schema, catalog: catalog, database: database, listener: listener,
            commands: TestCommands.all.merging(commands) { _, given in given },
            resolvers: TestCommands.resolvers.merging(resolvers) { _, given in given },
            configuration: configuration, sql: sql, logger: logger)
        let result: Result<R, any Error>
        let services = Task {
            await withDiscardingTaskGroup { group in
                if let listener { group.addTask { try? await listener.run() } }
                group.addTask { try? await engine.run() }
            }
        }
        do {
            result = .success(try await body(World(data: data, database: database, engine: engine)))
        } catch {
            result = .failure(error)
        }
        services.cancel()
        await services.value
        await database.close()
        return try result.get()
    }
}
