import Foundation
import Postgres
import TestSupport
import Testing

/// Answers whose rows come one by one.
struct RowStreamTests {
    private static let series = Statement("SELECT i, repeat('x', 1000) FROM generate_series(1, $1::int) i")
    private let organization = OrganizationID(UUID())

    private func numbers(_ stream: RowStream) async throws -> [Int] {
        var numbers: [Int] = []
        while let rows = try await stream.next() {
            for row in rows { numbers.append(try row[0].requireInt(0)) }
        }
        return numbers
    }

    @Test(arguments: [0, 1, 255, 10_000])
    func `every row comes once, in order, and the connection goes back`(count: Int) async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, _ in
            for _ in 0..<3 {
                let stream = try await database.rows(organization, Self.series, [.int(count)])
                #expect(try await numbers(stream) == Array(0..<count).map { $0 + 1 })
                #expect(try await stream.next() == nil)
                #expect(try await database.query(as: .tenant, Statement("SELECT 1"))[0].int(0) == 1)
            }
        }
    }

    @Test func `a slow reader holds no more than a quarter of a megabyte and one row`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, _ in
            // 100 MB in all.
            let stream = try await database.rows(
                organization, Self.series, [.int(100_000)], timeout: .seconds(300))
            var count = 0
            var most = 0
            while let rows = try await stream.next() {
                count += rows.count
                most = max(most, rows.reduce(0) { $0 + $1.memorySize })
                #expect(await stream.mostBuffered <= 256 * 1_024 + 4_096)
                if count < 3_000 { try await Task.sleep(for: .milliseconds(1)) }
            }
            #expect(count == 100_000)
            #expect(most <= 256 * 1_024 + 4_096)
        }
    }

    @Test func `what fails in the middle is thrown after the rows before it`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, _ in
            let failing = Statement("SELECT i, repeat('x', 1000), 1 / (5000 - i) FROM generate_series(1, 10000) i")
            let stream = try await database.rows(organization, failing)
            var count = 0
            let error = try await failure {
                while let rows = try await stream.next() { count += rows.count }
            }
            #expect(error?.sqlState == "22012")
            #expect(count == 4_999)
            #expect(try await database.query(as: .tenant, Statement("SELECT 1"))[0].int(0) == 1)
        }
    }

    private func isRunning(_ test: TestDatabase) async throws -> Bool {
        try await test.psql(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND query LIKE '%generate_series%'
              AND pid <> pg_backend_pid()
            """) != "0"
    }

    @Test(arguments: ["cancelled", "dropped", "task"])
    func `one that nobody reads is stopped on the server, and the connection is whole`(how: String) async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, test in
            let pid = Statement("SELECT pg_backend_pid()")
            let backend = try await database.query(as: .tenant, pid)[0].int(0)
            do {
                let stream = try await database.rows(organization, Self.series, [.int(10_000_000)])
                _ = try await stream.next()
                #expect(try await isRunning(test))
                switch how {
                case "cancelled":
                    stream.cancel()
                    #expect(try await failure { while try await stream.next() != nil {} }?.code != .protocolViolation)
                case "task":
                    let reader = Task { while try await stream.next() != nil {} }
                    reader.cancel()
                    #expect(try await failure { try await reader.value }?.code == .cancelled)
                default: break
                }
            }
            #expect(try await eventually { try await !isRunning(test) })
            #expect(try await database.query(as: .tenant, pid)[0].int(0) == backend)
        }
    }

    @Test func `a reader that is cancelled gets no more, also where rows are waiting`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, test in
            let stream = try await database.rows(organization, Self.series, [.int(10_000_000)])
            _ = try await stream.next()
            #expect(try await eventually { await stream.mostBuffered > 100_000 })
            let reader = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await stream.next()?.count
            }
            reader.cancel()
            let error = await reader.result
            #expect(throws: PostgresError.self) { try error.get() }
            #expect(try await eventually { try await !isRunning(test) })
        }
    }

    @Test func `a connection that dies before the first row is tried once more; later it is told`() async throws {
        let setUp = "CREATE TABLE t (a int); INSERT INTO t SELECT 1; GRANT SELECT ON t TO PUBLIC"
        try await withDatabase(connections: [.tenant: 2], setUp: setUp) { database, test in
            let kill = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND usename = 'switchboard_tenant' AND wait_event_type = 'Lock'
                """
            let lock = Task {
                try await test.psql(
                    """
                    BEGIN; LOCK TABLE t; SELECT pg_sleep(0.2); \(kill); SELECT pg_sleep(0.2); COMMIT
                    """)
            }
            try await Task.sleep(for: .milliseconds(50))
            let stream = try await database.rows(organization, Statement("SELECT a FROM t"))
            #expect(try await numbers(stream) == [1])
            _ = try await lock.value

            let late = try await database.rows(organization, Self.series, [.int(10_000_000)])
            _ = try await late.next()
            try await test.psql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'switchboard_tenant'"
            )
            #expect(try await failure { while try await late.next() != nil {} }?.code == .connectionLost)
        }
    }

    @Test func `the time limit holds for the whole of it`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, _ in
            let slow = Statement("SELECT i, pg_sleep(0.02) FROM generate_series(1, 10000) i")
            let error = try await failure {
                let stream = try await database.rows(organization, slow, timeout: .milliseconds(300))
                while try await stream.next() != nil {}
            }
            #expect(error?.code == .timedOut)
        }
    }
}
