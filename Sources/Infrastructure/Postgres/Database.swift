package import Logging
import ServiceLifecycle

/// The database as the gateway sees it: one pool per role, and no way to a tenant's rows but through a call that names
/// the tenant. Works from its making on; run it as a service so that it closes in order.
package final class Database: Service, Sendable {
    let configuration: DatabaseConfiguration
    private let pools: [DatabaseRole: Result<ConnectionPool, PostgresError>]

    package init(configuration: DatabaseConfiguration, logger: Logger) {
        self.configuration = configuration
        var pools: [DatabaseRole: Result<ConnectionPool, PostgresError>] = [:]
        for role in DatabaseRole.allCases {
            pools[role] = Result { () throws(PostgresError) in
                ConnectionPool(
                    name: role.rawValue,
                    parameters: try ConnectionParameters(
                        conninfo: configuration.conninfo, user: role.rawValue,
                        applicationName: configuration.applicationName,
                        statementTimeout: configuration.statementTimeout, settings: role.plannerSettings),
                    limit: configuration.connectionLimit(role), readers: configuration.readers,
                    quickRead: configuration.quickRead, maxWaiters: configuration.maxWaiters,
                    acquireTimeout: configuration.acquireTimeout, logger: logger)
            }
        }
        self.pools = pools
    }

    /// Waits for a graceful shutdown or for cancellation, then closes.
    package func run() async throws {
        // Cancellation is a way to end, too.
        try? await gracefulShutdown()
        await close()
    }

    /// Refuses new work, lets what is under way end within ten seconds, and closes all connections.
    package func close() async {
        await withDiscardingTaskGroup { group in
            for case .success(let pool) in pools.values {
                group.addTask { await pool.close(grace: .seconds(10)) }
            }
        }
    }

    /// Whether the database answers this role.
    /// - Throws: after at most two seconds of waiting for a connection, and two for the answer.
    package func ping(as role: DatabaseRole = .tenant) async throws(PostgresError) {
        let patience = Duration.seconds(2)
        let scope = Scope(organization: nil, timeout: patience)
        _ = try await pool(role).run(
            scope.opening + [Command(.ping)], isRetried: true, acquireTimeout: patience)
    }

    /// A statement that only reads, under a tenant, in one round trip and one implicit transaction. It is tried once
    /// more when the connection died before the answer.
    /// - Parameter timeout: the server stops the statement after this long, to the millisecond.
    nonisolated(nonsending) package func read(
        _ organization: OrganizationID, as role: DatabaseRole = .tenant, _ statement: Statement,
        _ values: [PostgresValue] = [], timeout: Duration? = nil, planning: Planning = .byValues
    ) async throws(PostgresError) -> PostgresResult {
        let scope = Scope(organization: organization, timeout: timeout, planning: planning)
        return try await Self.only(pool(role).run(scope.opening + [Command(statement, values)], isRetried: true))
    }

    /// What `read` does, to be begun again and again without a task.
    /// - Parameter pace: of all reads with this statement.
    /// - Throws: where the role has no pool, or a value cannot be sent.
    package func tenantRead(
        _ organization: OrganizationID, as role: DatabaseRole = .tenant, _ statement: Statement,
        _ values: [PostgresValue] = [], timeout: Duration? = nil, pace: ReadPace
    ) throws(PostgresError) -> TenantRead {
        var commands: [Command] = []
        for command in Scope(organization: organization, timeout: timeout).opening + [Command(statement, values)] {
            commands.append(try command.ready())
        }
        return TenantRead(pool: try pool(role), commands, pace: pace)
    }

    /// Like `read`, for answers of any size: the rows come as they are taken, and only few of them are in memory. When this
    /// returns, the statement has begun to answer.
    /// - Parameter timeout: for the whole of it, until the last row is taken.
    package func rows(
        _ organization: OrganizationID, as role: DatabaseRole = .tenant, _ statement: Statement,
        _ values: [PostgresValue] = [], timeout: Duration? = nil
    ) async throws(PostgresError) -> RowStream {
        let scope = Scope(organization: organization, timeout: timeout)
        return try await pool(role).stream(scope.opening + [Command(statement, values)])
    }

    /// A single statement without a tenant, in one round trip and one implicit transaction; it may write.
    /// - Parameter isRetried: for what only reads: it is tried once more when the connection died before the answer.
    nonisolated(nonsending) package func query(
        as role: DatabaseRole, _ statement: Statement, _ values: [PostgresValue] = [], timeout: Duration? = nil,
        isRetried: Bool = false
    ) async throws(PostgresError) -> PostgresResult {
        let scope = Scope(organization: nil, timeout: timeout)
        return try await Self.only(
            pool(role).run(scope.opening + [Command(statement, values)], isRetried: isRetried))
    }

    /// Several statements without a tenant, in one round trip and one implicit transaction: each sees what those before it
    /// have written.
    nonisolated(nonsending) package func query(
        as role: DatabaseRole, _ commands: [(Statement, [PostgresValue])]
    ) async throws(PostgresError) -> [PostgresResult] {
        try await pool(role).run(commands.map { Command($0.0, $0.1) })
    }

    /// The most connections that the role's pool opens.
    package func connectionLimit(_ role: DatabaseRole) -> Int { configuration.connectionLimit(role) }

    func pool(_ role: DatabaseRole) throws(PostgresError) -> ConnectionPool {
        guard let pool = pools[role] else { throw PostgresError(.closed, "no pool for \(role.rawValue)") }
        return try pool.get()
    }

    static func only(_ results: [PostgresResult]) throws(PostgresError) -> PostgresResult {
        guard let result = results.last else {
            throw PostgresError(.protocolViolation, "a statement gave no result")
        }
        return result
    }
}
