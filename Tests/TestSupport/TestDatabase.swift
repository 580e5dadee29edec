import EmbeddedPostgres

/// A database for one test.
package struct TestDatabase: Sendable {
    package let name: String
    private let cluster: TestCluster

    init(name: String, cluster: TestCluster) {
        self.name = name
        self.cluster = cluster
    }

    /// A libpq connection string without a user.
    package var conninfo: String { cluster.cluster.conninfo(database: name) }
    /// As the role that owns the database and runs migrations.
    package var ownerConninfo: String { "\(conninfo) user=switchboard_owner" }
    /// As superuser.
    package var adminConninfo: String { cluster.cluster.administratorConninfo(database: name) }

    /// Runs SQL with `psql` as superuser, or as another role; see `TestCluster.psql`.
    @discardableResult
    package func psql(_ sql: String, as role: String = "switchboard_admin") async throws -> String {
        try await Psql.run(sql, conninfo: "\(conninfo) user=\(role)")
    }

    /// Removes it.
    ///
    /// - Throws: `StillConnected` when connections to it are left after PostgreSQL has waited 5 s for them to end. The
    ///   database is gone then too.
    package func drop() async throws {
        do {
            try await cluster.psql("DROP DATABASE \(name)")
        } catch {
            let left = try await cluster.psql(
                "SELECT usename, application_name, state FROM pg_stat_activity WHERE datname = '\(name)'")
            try await discard()
            if left.isEmpty { throw error }
            throw StillConnected(database: name, connections: left)
        }
    }

    /// Drops it after `body`; fails when `body` leaves a connection to it open.
    func use<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (TestDatabase) async throws -> Result
    ) async throws -> Result {
        let result: Result
        do {
            result = try await body(self)
        } catch {
            try? await discard()
            throw error
        }
        try await drop()
        return result
    }

    /// Removes it, whoever is connected.
    package func discard() async throws {
        try await cluster.psql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// A test has left connections open.
    package struct StillConnected: Error, CustomStringConvertible {
        package let database: String
        /// Role, application name and state, a line each.
        package let connections: String
        package var description: String { "\(database) is dropped, but somebody is still connected:\n\(connections)" }
    }
}

/// A database for this one call, dropped afterwards; fails when the body leaves a connection to it open.
package func withTestDatabase<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
    try await TestCluster.shared().makeDatabase().use(body)
}
