/// A statement with its values under a tenant, ready to be sent as often as somebody asks. It only reads.
package final class TenantRead: Sendable {
    private let pool: ConnectionPool
    private let commands: [Command]
    private let pace: ReadPace

    init(pool: ConnectionPool, _ commands: [Command], pace: ReadPace) {
        self.pool = pool
        self.commands = commands
        self.pace = pace
    }

    /// Like `Database.read`, for somebody who has no task that could wait; and not tried again when the connection died.
    /// - Parameter done: called once, in the reactor's turn; maybe before this returns.
    package func begin(
        _ done: @escaping @Sendable (Result<PostgresResult, PostgresError>) -> Void
    ) -> PendingRead {
        let errand = pool.begin(commands, pace: pace) { outcome in
            done(Result { () throws(PostgresError) in try Database.only(outcome.get()) })
        }
        return PendingRead(pool: pool, errand: errand)
    }
}

/// A read on its way, whose answer comes to a closure.
package struct PendingRead: Sendable {
    fileprivate let pool: ConnectionPool
    fileprivate let errand: Errand

    /// Has the server stop. The closure is called all the same, with `.cancelled` if it was not too late.
    package func cancel() {
        pool.cancelSoon(errand)
    }
}
