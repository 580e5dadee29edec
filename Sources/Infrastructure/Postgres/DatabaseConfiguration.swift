import Foundation

package struct DatabaseConfiguration: Sendable {
    /// A libpq connection string or URI without a user: each pool connects as its role. Passwords belong into
    /// libpq's passfile.
    package var conninfo: String
    /// Shown in `pg_stat_activity`.
    package var applicationName: String
    /// The most connections each role's pool opens, at least 1.
    package var connections: [DatabaseRole: Int]
    /// The most connections of each role's pool that quick reads share, two on each; at least 1. Without a word, twice as
    /// many as this machine has processors, as if PostgreSQL had as many: more of them would drive each other out of its
    /// caches, fewer would leave it idle.
    package var readers: Int
    /// A read that takes less is quick, and one that takes twice as long is not.
    package var quickRead: Duration
    /// The most callers that wait for a connection of one pool; the next one is refused at once.
    package var maxWaiters: Int
    /// How long a caller waits for a connection.
    package var acquireTimeout: Duration
    /// The server stops any statement that runs longer, unless the call gives its own limit.
    package var statementTimeout: Duration

    package init(
        conninfo: String, applicationName: String = "switchboard",
        connections: [DatabaseRole: Int] = [.tenant: 8, .vault: 2, .edge: 4, .queue: 4, .platform: 2],
        readers: Int = 2 * ProcessInfo.processInfo.activeProcessorCount,
        quickRead: Duration = .milliseconds(20), maxWaiters: Int = 512, acquireTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(30)
    ) {
        self.conninfo = conninfo
        self.applicationName = applicationName
        self.connections = connections
        self.readers = readers
        self.quickRead = quickRead
        self.maxWaiters = maxWaiters
        self.acquireTimeout = acquireTimeout
        self.statementTimeout = statementTimeout
    }

    func connectionLimit(_ role: DatabaseRole) -> Int {
        max(1, connections[role] ?? 2)
    }
}
