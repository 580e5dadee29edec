package import EmbeddedPostgres
import FoundationEssentials
import Logging
import Synchronization

/// The one PostgreSQL cluster of a test process: started on first use, gone when the process ends in whatever way.
package final class TestCluster: Sendable {
    /// Every database role of Switchboard that logs in.
    package static let roles = [
        "switchboard_owner", "switchboard_tenant", "switchboard_vault", "switchboard_edge", "switchboard_queue",
        "switchboard_platform", "switchboard_backup",
    ]

    package let cluster: PostgresCluster
    private let databasesMade = Mutex(0)

    private static let starting = Mutex<Task<TestCluster, any Error>?>(nil)

    private init(_ cluster: PostgresCluster) { self.cluster = cluster }

    /// The cluster, with the roles of `migrations/0000_roles.sql`.
    package static func shared() async throws -> TestCluster {
        let task = starting.withLock { starting in
            if let starting { return starting }
            let task = Task { try await start() }
            starting = task
            return task
        }
        return try await task.value
    }

    private static func start() async throws -> TestCluster {
        let cluster = try await PostgresCluster.start(
            ClusterConfiguration(
                // Every test may have a database with pools of its own, and many run at once.
                lifetime: .ephemeral, roles: roles, settings: ["max_connections": "600"]),
            logger: Logger(label: "postgres"))
        let test = TestCluster(cluster)
        let script = try String(contentsOfFile: RepositoryFile.path("migrations/0000_roles.sql"), encoding: .utf8)
        try await test.psql(script)
        return test
    }

    /// As superuser, to the database `postgres`.
    package var adminConninfo: String { cluster.administratorConninfo() }

    /// An empty database that `switchboard_owner` owns.
    ///
    /// - Parameter template: an existing database to copy, to which nobody is connected.
    package func makeDatabase(template: String = "template1") async throws -> TestDatabase {
        let number = databasesMade.withLock { made in
            made += 1
            return made
        }
        let database = TestDatabase(name: "test_\(number)", cluster: self)
        try await psql("CREATE DATABASE \(database.name) OWNER switchboard_owner TEMPLATE \(template)")
        return database
    }

    /// Every connection is lost and the data stay. Other tests meet it too: only for suites that run alone.
    package func restart() async throws { try await cluster.restart() }

    /// Runs SQL as superuser with `psql`, each statement in a transaction of its own.
    ///
    /// - Returns: the rows, a line each, columns parted by `|`.
    @discardableResult
    package func psql(_ sql: String, database: String = "postgres") async throws -> String {
        try await Psql.run(sql, conninfo: cluster.administratorConninfo(database: database))
    }
}
