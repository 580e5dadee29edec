import ArgumentParser
import Foundation
import MigrationFiles
import Postgres

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring a database to what this binary needs.",
        subcommands: [Bootstrap.self, Up.self, Status.self], defaultSubcommand: Status.self)

    struct Bootstrap: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the cluster's roles; once per cluster, as an administrator.",
            discussion: "Then make the database: CREATE DATABASE switchboard OWNER switchboard_owner.")

        @Option(help: "A libpq connection string of a superuser.")
        var administrator: String?

        @Flag(help: "Print the SQL instead of running it.")
        var printSQL = false

        func validate() throws {
            guard printSQL != (administrator != nil) else {
                throw ValidationError("Give --administrator with a connection string, or --print-sql.")
            }
        }

        func run() async throws {
            let script = String(decoding: MigrationFiles.roles, as: UTF8.self)
            guard let administrator else {
                print(script)
                return
            }
            try await Migrator.bootstrap(conninfo: administrator, script: script)
            print("The roles are there.")
        }
    }

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Apply what is pending, as switchboard_owner.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let (settings, logger) = try await options.load()
            let applied = try await Migrator(migrations: Migrations.all(), logger: logger)
                .up(conninfo: settings.ownerConninfo)
            for name in applied { print("applied  \(name)") }
            print(applied.isEmpty ? "Nothing was pending." : "Done.")
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What is applied and what is pending.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let (settings, logger) = try await options.load()
            let rows = try await Migrator(migrations: Migrations.all(), logger: logger)
                .status(conninfo: settings.ownerConninfo)
            for row in rows { print("\(Self.word(for: row.state))  \(row.name)") }
        }

        private static func word(for state: MigrationStatus.State) -> String {
            switch state {
            case .applied(let date): "applied \(date.formatted(.iso8601))"
            case .pending: "pending                     "
            case .changed(let date): "CHANGED \(date.formatted(.iso8601))"
            case .unknown(let date): "unknown \(date.formatted(.iso8601))"
            }
        }
    }
}

/// The migrations that this binary carries.
enum Migrations {
    static func all() throws -> [Migration] {
        try MigrationFiles.all.map { try Migration(name: $0.name, sql: String(decoding: $0.bytes, as: UTF8.self)) }
    }
}
