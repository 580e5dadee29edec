import Logging
import MigrationFiles
import Postgres
import Synchronization

extension TestCluster {
    private static let migrating = Mutex<Task<String, any Error>?>(nil)

    /// A database with every migration applied, copied from one that was migrated once.
    package func makeMigratedDatabase() async throws -> TestDatabase {
        let task = Self.migrating.withLock { migrating in
            if let migrating { return migrating }
            let task = Task { try await self.makeTemplate() }
            migrating = task
            return task
        }
        return try await makeDatabase(template: try await task.value)
    }

    private func makeTemplate() async throws -> String {
        let template = try await makeDatabase()
        try await template.migrate()
        return template.name
    }
}

extension TestDatabase {
    /// Applies every migration. A database made by ``TestCluster/makeMigratedDatabase()`` has them already, but for what
    /// they grant on the database itself, which PostgreSQL does not copy from a template.
    package func migrate() async throws {
        let migrations = try MigrationFiles.all.map {
            try Migration(name: $0.name, sql: String(decoding: $0.bytes, as: UTF8.self))
        }
        _ = try await Migrator(migrations: migrations, logger: Logger(label: "migrations"))
            .up(conninfo: ownerConninfo)
    }
}

/// A migrated database for this one call, dropped afterwards; fails when the body leaves a connection to it open.
package func withMigratedDatabase<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
    try await TestCluster.shared().makeMigratedDatabase().use(body)
}
