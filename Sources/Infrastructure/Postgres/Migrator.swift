package import Logging

/// Brings a database to what this binary needs, and says whether it is there. What is applied stands in
/// `schema_migrations`, which every role may read.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    private let logger: Logger

    /// Any number beyond what other programs use; the same in every version of Switchboard.
    private static let lock: Int64 = 0x5357_4254_4344_4d47

    /// - Parameter migrations: in any order; each version once.
    package init(migrations: [Migration], logger: Logger) {
        self.migrations = migrations.sorted { $0.version < $1.version }
        self.logger = logger
    }

    /// Makes the cluster's roles. The script is run in one transaction and must do no harm when run again.
    ///
    /// Advisory locks are per database while roles are per cluster: two who start from different databases can still
    /// meet, and then one of them tries again.
    /// - Parameter conninfo: an administrator's, who may create roles.
    package static func bootstrap(conninfo: String, script: String) async throws(MigrationError) {
        let parameters = try parameters(conninfo, defaultUser: nil)
        try await ScriptSession.converse(parameters) { session throws(MigrationError) in
            try checkVersion(of: session)
            for attempt in 1... {
                do throws(ScriptFailure) {
                    try session.run("BEGIN")
                    _ = try session.query(Statements.lockForTransaction, [.int(lock)])
                    try session.run(script)
                    try session.run("COMMIT")
                    return
                } catch {
                    try? session.run("ROLLBACK")
                    // Unique violation, duplicate object, and "tuple concurrently updated".
                    let isCollision = ["23505", "42710", "XX000"].contains(error.error.sqlState)
                    if attempt == 20 || !isCollision { throw failure("0000_roles.sql", error) }
                }
            }
        }
    }

    /// Applies what is pending, each migration in a transaction of its own, while nobody else does.
    /// - Parameter conninfo: the owner's; without a user, `switchboard_owner`.
    /// - Returns: the names of those that were applied now.
    package func up(conninfo: String) async throws(MigrationError) -> [String] {
        let parameters = try Self.parameters(conninfo, defaultUser: "switchboard_owner")
        return try await ScriptSession.converse(parameters) { session throws(MigrationError) in
            try Self.checkVersion(of: session)
            try Self.takeTurn(session)
            if try !hasHistory(session) {
                try checkEmpty(session)
                try Self.run("schema_migrations", session) { session throws(ScriptFailure) in
                    try session.run(Statements.createHistory)
                }
            }
            let history = try history(session)
            try history.checkCompatible()
            try history.checkOrder()
            for migration in history.pending {
                logger.info("migrating", metadata: ["migration": "\(migration.name)"])
                try apply(migration, session)
            }
            return history.pending.map(\.name)
        }
    }

    /// - Parameter conninfo: any role's; without a user, `switchboard_tenant`.
    package func status(conninfo: String) async throws(MigrationError) -> [MigrationStatus] {
        let parameters = try Self.parameters(conninfo, defaultUser: DatabaseRole.tenant.rawValue)
        return try await ScriptSession.converse(parameters) { session throws(MigrationError) in
            try Self.checkVersion(of: session)
            guard try hasHistory(session) else {
                return migrations.map { MigrationStatus(version: $0.version, name: $0.name, state: .pending) }
            }
            return try history(session).status
        }
    }

    /// Whether this binary can run on the database.
    /// - Parameter conninfo: any role's; without a user, `switchboard_tenant`.
    package func check(conninfo: String) async throws(MigrationError) {
        let parameters = try Self.parameters(conninfo, defaultUser: DatabaseRole.tenant.rawValue)
        try await ScriptSession.converse(parameters) { session throws(MigrationError) in
            try Self.checkVersion(of: session)
            guard try hasHistory(session) else { throw .notSwitchboard(database: session.databaseName) }
            let history = try history(session)
            try history.checkCompatible()
            guard history.pending.isEmpty else { throw .pending(names: history.pending.map(\.name)) }
        }
    }

    // MARK: Steps

    private func apply(_ migration: Migration, _ session: ScriptSession) throws(MigrationError) {
        let row: [PostgresValue] = [
            .int(migration.version), .text(migration.name), .text(migration.sql), .int(migration.compatibleWith),
        ]
        try Self.run(migration.name, session) { session throws(ScriptFailure) in
            guard !migration.isOutsideTransaction else {
                for script in migration.scripts { try session.run(script) }
                _ = try session.query(Statements.insertMigration, row)
                return
            }
            do throws(ScriptFailure) {
                try session.run("BEGIN")
                try session.run(migration.sql)
                guard session.isInTransaction else {
                    throw ScriptFailure(
                        error: PostgresError(.protocolViolation, "it ends the transaction it runs in"), line: nil)
                }
                _ = try session.query(Statements.insertMigration, row)
                try session.run("COMMIT")
            } catch {
                try? session.run("ROLLBACK")
                throw error
            }
        }
    }

    /// Takes the lock by asking again and again. Whoever waits *in* a statement holds a snapshot, and the
    /// `CREATE INDEX CONCURRENTLY` of the one who has the lock waits for that in turn: a deadlock.
    private static func takeTurn(_ session: ScriptSession) throws(MigrationError) {
        try run("schema_migrations", session) { session throws(ScriptFailure) in
            while try session.query(Statements.tryLock, [.int(lock)])[0].bool(0) != true {
                session.pause(milliseconds: 50)
            }
        }
    }

    private func hasHistory(_ session: ScriptSession) throws(MigrationError) -> Bool {
        try Self.run("schema_migrations", session) { session throws(ScriptFailure) in
            try session.query(Statements.hasHistory)[0].bool(0) ?? false
        }
    }

    /// A database with tables of somebody else's is not ours to fill.
    private func checkEmpty(_ session: ScriptSession) throws(MigrationError) {
        let isEmpty = try Self.run("schema_migrations", session) { session throws(ScriptFailure) in
            try session.query(Statements.hasNoTables)[0].bool(0) ?? false
        }
        if !isEmpty { throw .notSwitchboard(database: session.databaseName) }
    }

    private func history(_ session: ScriptSession) throws(MigrationError) -> MigrationHistory {
        try Self.run("schema_migrations", session) { session throws(ScriptFailure) in
            let checksums = try session.query(Statements.checksums, [.texts(migrations.map(\.sql))])
            let applied = try session.query(Statements.applied)
            do throws(PostgresError) {
                var known: [MigrationHistory.Known] = []
                for (migration, row) in zip(migrations, checksums.rows) {
                    known.append(.init(migration: migration, checksum: try row.requireString(0)))
                }
                var rows: [MigrationHistory.Applied] = []
                for row in applied.rows {
                    rows.append(
                        .init(
                            version: try row.requireInt("version"), name: try row.requireString("name"),
                            checksum: try row.requireString("checksum"),
                            compatibleWith: try row.requireInt("compatible_with"),
                            date: try row.requireTimestamp("applied_at")))
                }
                return MigrationHistory(known: known, applied: rows)
            } catch {
                throw ScriptFailure(error: error, line: nil)
            }
        }
    }

    private static func checkVersion(of session: ScriptSession) throws(MigrationError) {
        let version = session.serverVersion
        guard version >= 150_000 else {
            throw .serverTooOld(version: version >= 100_000 ? "\(version / 10_000)" : "\(version / 10_000).x")
        }
    }

    private static func run<R>(
        _ name: String, _ session: ScriptSession, _ body: (ScriptSession) throws(ScriptFailure) -> R
    ) throws(MigrationError) -> R {
        do throws(ScriptFailure) {
            return try body(session)
        } catch {
            throw failure(name, error)
        }
    }

    private static func failure(_ name: String, _ failure: ScriptFailure) -> MigrationError {
        switch failure.error.code {
        case .cancelled: .cancelled
        default: .failed(name: name, reason: failure.reason)
        }
    }

    private static func parameters(
        _ conninfo: String, defaultUser: String?
    ) throws(MigrationError) -> ConnectionParameters {
        do throws(PostgresError) {
            return try ConnectionParameters(
                conninfo: conninfo, defaultUser: defaultUser, applicationName: "switchboard migrate")
        } catch {
            throw .cannotConnect(reason: error.logDetail)
        }
    }
}
