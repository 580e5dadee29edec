import Postgres
import TestSupport
import Testing

/// Statements are prepared once per connection, and again when they must be.
struct PreparedStatementTests {
    private static let prepared = Statement("SELECT count(*) FROM pg_prepared_statements WHERE statement = $1")
    private static let all = Statement("SELECT count(*), count(DISTINCT name) FROM pg_prepared_statements")
    private static let uses = Statement(
        "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement = $1")

    @Test func `a statement is prepared once on a connection, however often it runs`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, _ in
            let statement = Statement("SELECT $1::int + 41 AS sum")
            for _ in 0..<5 { #expect(try await database.query(as: .tenant, statement, [1])[0].int(0) == 42) }
            let count = try await database.query(as: .tenant, Self.prepared, [.text(statement.text)])[0].int(0)
            #expect(count == 1)
            #expect(try await database.query(as: .tenant, Self.uses, [.text(statement.text)])[0].int(0) == 5)
        }
    }

    @Test func `a connection keeps 256 statements and gives up the one least recently used`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, _ in
            let first = Statement("SELECT 'kept'")
            for number in 0..<300 {
                _ = try await database.query(as: .tenant, first)
                let statement = Statement(compiled: "SELECT \(number) AS number")
                #expect(try await database.query(as: .tenant, statement)[0].int(0) == number)
            }
            #expect(try await database.query(as: .tenant, Self.all)[0].int(0) == 256)
            #expect(try await database.query(as: .tenant, Self.prepared, [.text(first.text)])[0].int(0) == 1)
            let evicted = Statement(compiled: "SELECT 0 AS number")
            #expect(try await database.query(as: .tenant, Self.prepared, [.text(evicted.text)])[0].int(0) == 0)
            #expect(try await database.query(as: .tenant, evicted)[0].int(0) == 0)
        }
    }

    @Test func `a statement whose result type a migration changed is prepared anew`() async throws {
        let setUp = "CREATE TABLE t (a int); GRANT ALL ON t TO PUBLIC; INSERT INTO t VALUES (1)"
        try await withDatabase(connections: [.tenant: 1], setUp: setUp) { database, test in
            let statement = Statement("SELECT * FROM t")
            #expect(try await database.query(as: .tenant, statement).columnCount == 1)
            try await test.psql("ALTER TABLE t ADD b int")
            #expect(try await database.query(as: .tenant, statement).columnCount == 2)

            // As a transaction's first statement it is safe, too: nothing came before it.
            try await test.psql("ALTER TABLE t ADD c int")
            let inTransaction = try await database.withoutTenant(as: .tenant) { transaction in
                let result = try await transaction.execute(statement)
                _ = try await transaction.execute(Statement("INSERT INTO t (a) VALUES (2)"))
                return result
            }
            #expect(inTransaction.columnCount == 3)
            #expect(try await database.query(as: .tenant, statement).count == 2)
        }
    }

    @Test func `later in a transaction the error is thrown, and the next transaction prepares anew`() async throws {
        let setUp = "CREATE TABLE t (a int); GRANT ALL ON t TO PUBLIC"
        try await withDatabase(connections: [.tenant: 1], setUp: setUp) { database, test in
            let statement = Statement("SELECT * FROM t")
            _ = try await database.query(as: .tenant, statement)
            let error = try await failure {
                try await database.withoutTenant(as: .tenant) { transaction in
                    _ = try await transaction.execute(Statement("SELECT 1"))
                    try await test.psql("ALTER TABLE t ADD b int")
                    _ = try await transaction.execute(statement)
                }
            }
            #expect(error?.sqlState == "0A000")
            try await database.withoutTenant(as: .tenant) { transaction in
                _ = try await transaction.execute(Statement("SELECT 1"))
                #expect(try await transaction.execute(statement).columnCount == 2)
            }
        }
    }

    @Test func `a statement that somebody deallocated is prepared anew`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, _ in
            let statement = Statement("SELECT 7 AS seven")
            _ = try await database.query(as: .tenant, statement)
            _ = try await database.query(as: .tenant, Statement("DEALLOCATE ALL"))
            #expect(try await database.query(as: .tenant, statement)[0].int(0) == 7)
        }
    }

    @Test func `a statement that failed to prepare is not taken for prepared`() async throws {
        try await withDatabase(connections: [.tenant: 1]) { database, test in
            let statement = Statement("SELECT * FROM later")
            let error = try await failure { try await database.query(as: .tenant, statement) }
            #expect(error?.sqlState == "42P01")
            try await test.psql("CREATE TABLE later (a int); GRANT SELECT ON later TO PUBLIC")
            #expect(try await database.query(as: .tenant, statement).count == 0)
        }
    }

    @Test func `a statement's name comes from its text alone and needs no quotes`() {
        let one = Statement("SELECT 1")
        #expect(one.name == Statement(compiled: "SELECT " + "1").name)
        #expect(one == Statement(compiled: "SELECT 1"))
        #expect(one.name != Statement("SELECT 2").name)
        #expect(one.name.utf8.count <= 15)
        #expect(one.name.wholeMatch(of: /[a-z][a-z0-9]*/) != nil)
    }
}
