import Postgres
import Testing

/// What an error tells, and what it does not.
struct ErrorTests {
    private static let table = """
        CREATE TABLE people (name text PRIMARY KEY, age int CHECK (age > 0)); GRANT ALL ON people TO PUBLIC;
        CREATE FUNCTION tell(word text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'heard %', word; END $$
        """

    @Test func `no value appears in an error, in neither of its texts`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            let secret = "Sensitive-4711"
            let insert = Statement("INSERT INTO people VALUES ($1, $2)")
            let cases: [(Statement, [PostgresValue], String)] = [
                (insert, [.text(secret), -1], "23514"),
                (Statement("INSERT INTO people VALUES ($1, 1), ($1, 2)"), [.text(secret)], "23505"),
                (Statement("SELECT $1::text::int"), [.text(secret)], "22P02"),
                (Statement("SELECT $1::uuid"), [.text(secret)], "22P02"),
                (Statement("SELECT tell($1)"), [.text(secret)], "P0001"),
                (Statement("SELECT $1::text::timestamptz"), [.text(secret)], "22007"),
            ]
            for (statement, values, sqlState) in cases {
                let error = try #require(
                    try await failure { try await database.query(as: .tenant, statement, values) })
                #expect(error.sqlState == sqlState)
                #expect(!error.logDetail.contains(secret), "\(error.logDetail)")
                #expect(!error.description.contains(secret))
                #expect(!String(reflecting: error).contains(secret))
                #expect(error.logDetail.contains(sqlState))
            }
        }
    }

    @Test func `the names that help are kept`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            let check = try await failure {
                try await database.query(as: .tenant, Statement("INSERT INTO people VALUES ('x', -1)"))
            }
            #expect(check?.constraint == "people_age_check")
            #expect(check?.table == "people")
            let null = try await failure {
                try await database.query(as: .tenant, Statement("INSERT INTO people VALUES (NULL, 1)"))
            }
            #expect(null?.column == "name")
            let missing = try await failure {
                try await database.query(as: .tenant, Statement("SELECT * FROM nowhere"))
            }
            #expect(missing?.logDetail.contains("nowhere") == true)
            #expect(missing?.description.contains("nowhere") == false)
        }
    }

    @Test func `COPY is refused, and the pool goes on`() async throws {
        try await withDatabase(connections: [.tenant: 1], setUp: Self.table) { database, _ in
            let error = try await failure {
                try await database.query(as: .tenant, Statement("COPY people TO STDOUT"))
            }
            #expect(error != nil)
            try await database.ping()
        }
    }

    @Test func `a large answer and a large value pass through a socket that is full`() async throws {
        try await withDatabase { database, _ in
            let text = String(repeating: "0123456789", count: 800_000)
            let result = try await database.query(
                as: .tenant, Statement("SELECT $1::text || $1::text, length($1::text)"), [.text(text)])
            #expect(result[0].int(1) == 8_000_000)
            let length = result.withBytes(row: 0, column: 0) { $0?.count }
            #expect(length == 16_000_000)
        }
    }
}
