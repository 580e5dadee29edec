import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport
import Testing

/// The pools against a server that is busy, kills connections, or goes away.
struct PoolTests {
    private static let pid = Statement("SELECT pg_backend_pid()")

    @Test func `an exhausted pool is an error that names the pool and its limit`() async throws {
        let limits: [DatabaseRole: Int] = [.tenant: 1, .edge: 1]
        try await withDatabase(connections: limits, acquireTimeout: .milliseconds(50)) { database, _ in
            for role in [DatabaseRole.tenant, .edge] {
                // Connecting may take longer than a caller waits here.
                #expect(try await eventually { (try? await database.query(as: role, Self.pid)) != nil })
            }
            try await database.withoutTenant(as: .tenant) { _ in
                let error = try await failure { try await database.query(as: .tenant, Self.pid) }
                #expect(error?.code == .poolExhausted)
                #expect(error?.description.contains("none of the 1 connections of the pool switchboard_tenant") == true)
                // Another role's pool is another pool.
                _ = try await database.query(as: .edge, Self.pid)
            }
            _ = try await database.query(as: .tenant, Self.pid)
        }
    }

    @Test func `more waiters than may wait are refused at once`() async throws {
        try await withDatabase(connections: [.tenant: 1], maxWaiters: 0, acquireTimeout: .seconds(600)) { database, _ in
            let error = try await failure { try await database.query(as: .tenant, Self.pid) }
            #expect(error?.code == .poolExhausted)
        }
    }

    @Test func `many callers share few connections`() async throws {
        try await withDatabase(connections: [.tenant: 3]) { database, _ in
            let backends = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<200 { group.addTask { try await database.query(as: .tenant, Self.pid)[0].int(0) } }
                return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
            }
            #expect(backends.count <= 3)
            #expect(!backends.contains(nil))
        }
    }

    @Test func `a read whose connection is killed under it is tried again, a transaction is not`() async throws {
        let setUp = "CREATE SEQUENCE attempts; GRANT ALL ON SEQUENCE attempts TO PUBLIC"
        try await withDatabase(connections: [.tenant: 1], setUp: setUp) { database, _ in
            // The first attempt ends its own connection; the sequence remembers, as it takes no part in transactions.
            let statement = Statement(
                """
                SELECT n, CASE WHEN n % 2 = 1 THEN pg_terminate_backend(pg_backend_pid()) END, pg_sleep(0.01)
                FROM (SELECT nextval('attempts') AS n) AS attempt
                """)
            let organization = OrganizationID(UUID())
            #expect(try await database.read(organization, statement)[0].int(0) == 2)
            let error = try await failure {
                try await database.withTenant(organization) { transaction in
                    _ = try await transaction.execute(statement)
                }
            }
            #expect(error?.code == .connectionLost)
            let next = Statement("SELECT nextval('attempts')")
            #expect(try await database.query(as: .tenant, next)[0].int(0) == 4)
        }
    }

    @Test func `an idle connection that the server ends is replaced before anyone meets it`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, test in
            let backend = try await database.query(as: .tenant, Self.pid)[0].int(0)
            try await test.psql(
                """
                SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                WHERE datname = current_database() AND usename = 'switchboard_tenant'
                """)
            // `query` may write, so it is never tried again: it must find a good connection at once.
            let next = try await database.query(as: .tenant, Self.pid)[0].int(0)
            #expect(next != backend)
        }
    }

    @Test func `a restarted server is found again`() async throws {
        let cluster = try await PostgresCluster.start(
            ClusterConfiguration(lifetime: .ephemeral, roles: TestCluster.roles), logger: quiet)
        let database = Database(
            configuration: DatabaseConfiguration(conninfo: cluster.conninfo(), acquireTimeout: .seconds(30)),
            logger: quiet)
        do {
            let roles = try String(contentsOfFile: RepositoryFile.path("migrations/0000_roles.sql"), encoding: .utf8)
            try await Migrator.bootstrap(conninfo: cluster.administratorConninfo(), script: roles)
            try await database.ping()
            async let reads = withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var answers = 0
                        while !Task.isCancelled && answers < 2000 {
                            let result = try await database.read(OrganizationID(UUID()), Statement("SELECT 1"))
                            answers += result.count
                        }
                        return answers
                    }
                }
                return try await group.reduce(0, +)
            }
            try await cluster.restart()
            try await database.ping()
            #expect(try await reads == 8000)
            await database.close()
            await cluster.stop()
        } catch {
            await database.close()
            await cluster.stop()
            throw error
        }
    }

    @Test func `a server that is not there is an error that says so, without the conninfo`() async throws {
        let database = Database(
            configuration: DatabaseConfiguration(
                conninfo: "host=/nonexistent dbname=x password=hunter2", acquireTimeout: .milliseconds(50)),
            logger: quiet)
        var error: PostgresError?
        let isToldSo = try await eventually {
            error = try await failure { try await database.query(as: .tenant, Self.pid) }
            return error?.code == .cannotConnect
        }
        #expect(isToldSo)
        #expect(error?.logDetail.contains("/nonexistent") == true)
        #expect(error?.logDetail.contains("hunter2") == false)
        await database.close()
        let misread = Database(
            configuration: DatabaseConfiguration(conninfo: "host=x pass word=hunter2"), logger: quiet)
        let second = try await failure { try await misread.ping() }
        #expect(second?.code == .cannotConnect)
        #expect(second?.logDetail.contains("hunter2") == false)
        await misread.close()
    }

    @Test func `a closed database refuses, and closing waits for what is under way`() async throws {
        try await withDatabase { database, _ in
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let transaction = Task {
                try await database.withoutTenant(as: .tenant) { transaction in
                    _ = try await transaction.execute(Self.pid)
                    start.finish()
                    return try await transaction.execute(Statement("SELECT 'done', pg_sleep(0.1)"))[0][0]
                }
            }
            for await _ in started {}
            await database.close()
            let answer = try await transaction.value
            #expect(answer == "done")
            #expect(try await failure { try await database.query(as: .tenant, Self.pid) }?.code == .closed)
        }
    }
}
