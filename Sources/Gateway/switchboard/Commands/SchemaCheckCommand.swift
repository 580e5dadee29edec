import ArgumentParser
import Foundation
import GraphQL
import Logging
import Postgres
import QueryEngine
import SchemaFiles

/// Whether a database can answer what the schema is bound to; the same as `serve` looks at before it starts.
struct SchemaCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compare the schema's bindings with a database, as every start does.",
        discussion: "Ends with code 1 when something does not fit, and names each type, field, table and column.")

    @Option(help: "A libpq connection string without a user; SWITCHBOARD_DATABASE when left out.")
    var database: String?

    func run() async throws {
        let given = database ?? ProcessInfo.processInfo.environment["SWITCHBOARD_DATABASE"]
        guard let conninfo = given, !conninfo.isEmpty else {
            throw ValidationError("There is no database to compare with: give --database or set SWITCHBOARD_DATABASE.")
        }
        let schema = try Schema(
            sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: "Schema/\($0.name)") },
            scalars: EngineScalars.all)
        let bindings = try BindingCatalog(schema: schema)
        let logger = Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
        // Else every table that a pending migration would make is told as missing.
        try await Migrator(migrations: Migrations.all(), logger: logger).check(conninfo: conninfo)
        let database = Database(configuration: DatabaseConfiguration(conninfo: conninfo), logger: logger)
        do {
            try await bindings.check(schema: schema, against: database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        print("The schema fits the database: \(bindings.tableNames.count) tables and views.")
    }
}
