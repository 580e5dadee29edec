import Foundation
import Postgres
import TestSupport
import Testing

/// A cancelled task, and a statement out of time, stop the server too.
struct CancellationTests {
    private static let sleep = Statement("SELECT pg_sleep(600)")

    private func runs(_ test: TestDatabase, _ what: String = "pg_sleep(600)") async throws -> Bool {
        let count = try await test.psql(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND query LIKE '%\(what)%' AND pid <> pg_backend_pid()
            """)
        return count.trimmingCharacters(in: .whitespacesAndNewlines) != "0"
    }

    @Test func `cancelling the task stops the statement and leaves the connection whole`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, test in
            let pid = Statement("SELECT pg_backend_pid()")
            let backend = try await database.query(as: .tenant, pid)[0].int(0)
            let task = Task { try await database.read(OrganizationID(UUID()), Self.sleep) }
            #expect(try await eventually { try await runs(test) })
            task.cancel()
            let error = try await failure { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(try await !runs(test))
            #expect(try await database.query(as: .tenant, pid)[0].int(0) == backend)
        }
    }

    @Test func `cancelling in a transaction rolls it back`() async throws {
        let setUp = "CREATE TABLE t (a int); GRANT ALL ON t TO PUBLIC"
        try await withDatabase(connections: [.tenant: 1], setUp: setUp) { database, test in
            let task = Task {
                try await database.withTenant(OrganizationID(UUID())) { transaction in
                    _ = try await transaction.execute(Statement("INSERT INTO t VALUES (1)"))
                    _ = try await transaction.execute(Self.sleep)
                }
            }
            #expect(try await eventually { try await runs(test) })
            task.cancel()
            let error = try await failure { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(try await database.query(as: .tenant, Statement("SELECT count(*) FROM t"))[0].int(0) == 0)
        }
    }

    @Test func `a task cancelled before it starts, or while it waits for a connection, sends nothing`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, test in
            let holder = Task { try await database.query(as: .tenant, Self.sleep) }
            #expect(try await eventually { try await runs(test) })
            let waiter = Task { try await database.query(as: .tenant, Statement("SELECT 'never'")) }
            try await Task.sleep(for: .milliseconds(20))
            waiter.cancel()
            #expect(try await failure { try await waiter.value }?.code == .cancelled)
            holder.cancel()
            #expect(try await failure { try await holder.value }?.code == .cancelled)
            let late = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await database.query(as: .tenant, Statement("SELECT 'never'"))
            }
            #expect(try await failure { try await late.value }?.code == .cancelled)
            let prepared = Statement("SELECT count(*) FROM pg_prepared_statements WHERE statement = $1")
            #expect(try await database.query(as: .tenant, prepared, ["SELECT 'never'"])[0].int(0) == 0)
        }
    }

    @Test func `storms of cancellations never hit the statement of another`() async throws {
        try await withDatabase(connections: [.tenant: 2]) { database, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let victim = Task {
                            try await database.query(as: .tenant, Statement("SELECT pg_sleep(0.002)"))
                        }
                        try await Task.sleep(for: .microseconds(number * 150))
                        victim.cancel()
                        let code = try await failure { try await victim.value }?.code
                        #expect(code == nil || code == .cancelled)
                    }
                    group.addTask {
                        let result = try await database.query(as: .tenant, Statement("SELECT $1::int"), [.int(number)])
                        #expect(result[0].int(0) == number)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a statement that runs out of its time is stopped by the server`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, test in
            let organization = OrganizationID(UUID())
            let timeout = Duration.milliseconds(50)
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await database.read(organization, Self.sleep, timeout: timeout) },
                { _ = try await database.query(as: .tenant, Self.sleep, timeout: timeout) },
                {
                    try await database.withTenant(organization, timeout: timeout) { transaction in
                        _ = try await transaction.execute(Self.sleep)
                    }
                },
            ]
            for call in calls {
                #expect(try await failure(of: call)?.code == .timedOut)
                #expect(try await !runs(test))
            }
            // The limit was the call's own.
            let limit = try await database.query(as: .tenant, Statement("SHOW statement_timeout"))[0][0]
            #expect(limit == "30s")
        }
    }
}
