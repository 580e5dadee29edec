import Accounts
import Curl
import Foundation
import GraphQL
import Logging
import Postgres
import QueryEngine
import SchemaFiles
import Server
import Twilio

extension Gateway {
    /// The schema that the binary carries, its bindings checked against the database.
    static func engine(
        _ settings: Settings, database: Database, listener: NotificationListener, commands: [String: CommandBody],
        resolvers: [String: Resolver], logger: Logger
    ) async throws -> Engine {
        let schema = try Schema(
            sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: "Schema/\($0.name)") },
            scalars: EngineScalars.all)
        let bindings = try BindingCatalog(schema: schema)
        try await bindings.check(schema: schema, against: database)
        return try Engine(
            schema: schema, catalog: bindings, database: database, listener: listener, commands: commands,
            resolvers: resolvers, configuration: settings.engine, logger: logger)
    }

    /// The trusted documents of the settings, each of them valid against the schema; `nil` where any document may be run.
    /// - Throws: `SettingsError` that tells of every mistake with its file, line and column.
    static func trustedDocuments(_ settings: Settings, engine: Engine) throws -> TrustedDocuments? {
        guard let directory = settings.trustedDocuments else { return nil }
        let trusted: TrustedDocuments
        do {
            trusted = try TrustedDocuments(directory: directory)
        } catch {
            throw SettingsError("SWITCHBOARD_TRUSTED_DOCUMENTS: \(error)")
        }
        let problems = trusted.files.flatMap { file in
            engine.problems(in: file.document).map { problem in
                let place = problem.locations.first.map { ":\($0.line):\($0.column)" } ?? ""
                return "\(file.path)\(place): \(problem.message)"
            }
        }
        guard problems.isEmpty else {
            throw SettingsError(
                "SWITCHBOARD_TRUSTED_DOCUMENTS: these documents do not fit the schema; mend them, or take them away.\n"
                    + problems.joined(separator: "\n"))
        }
        return trusted
    }

    static func accounts(_ settings: Settings, transport: HTTPTransport) -> AccountsConfiguration {
        var configuration = AccountsConfiguration()
        configuration.limits.api = settings.apiRate.map { rate in
            RateLimit(burst: rate, step: .microseconds(max(1, 60_000_000 / rate)))
        }
        configuration.delivery = settings.resetHook.map { ResetHook(url: $0, transport: transport) }
        return configuration
    }

    static func transport(_ settings: Settings, logger: Logger) throws -> HTTPTransport {
        var configuration = TransportConfiguration()
        configuration.certificateAuthorities = settings.certificateAuthorities
        return try HTTPTransport(configuration, logger: logger)
    }

    static func endpoints(_ settings: Settings) throws -> TwilioEndpoints {
        guard let url = settings.twilioURL else { return .twilio }
        return try TwilioEndpoints(base: url)
    }

    static func readiness(_ settings: Settings, database: Database, migrator: Migrator) -> [ReadinessCheck] {
        [
            ReadinessCheck("database") {
                do {
                    try await database.ping()
                    return nil
                } catch {
                    return "The database does not answer."
                }
            },
            ReadinessCheck("migrations") {
                do {
                    try await migrator.check(conninfo: settings.database)
                    return nil
                } catch {
                    return "\(error)"
                }
            },
        ]
    }
}
