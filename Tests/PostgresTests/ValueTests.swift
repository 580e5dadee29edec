import Foundation
import Postgres
import Testing

/// Values, there and back.
struct ValueTests {
    @Test func `every kind of value comes back as it went`() async throws {
        try await withDatabase { database, _ in
            let uuid = UUID()
            let awkward = "naïve \"quoted\" {braces}, \\backslash\\ 'single' \u{1F600}\n"
            let statement = Statement(
                """
                SELECT $1::text AS text, $2::bigint AS int, $3::bool AS bool, $4::uuid AS uuid, $5::bytea AS bytes,
                  $6::text[] AS texts, $7::uuid[] AS uuids, $8::bigint[] AS ints, $9::text AS nothing,
                  array_length($6::text[], 1) AS count, ($6::text[])[1] AS first, ($6::text[])[2] AS second
                """)
            let bytes = (0...255).map { UInt8($0) }
            let other = UUID()
            let result = try await database.query(
                as: .tenant, statement,
                [
                    .text(awkward), .int(Int64.min), true, .uuid(uuid), .bytes(bytes), .texts([awkward, ""]),
                    .uuids([uuid, other]), .ints([-1, 2]), nil,
                ])
            let row = result[0]
            #expect(row.string("text") == awkward)
            #expect(row.int("int") == Int.min)
            #expect(row.bool("bool") == true)
            #expect(row.uuid("uuid") == uuid)
            #expect(row.bytes("bytes") == bytes)
            #expect(row["uuids"] == "{\(uuid.lowercasedString),\(other.lowercasedString)}")
            #expect(row["ints"] == "{-1,2}")
            #expect(row.isNull("nothing"))
            #expect(row.int("count") == 2)
            #expect(row["first"] == awkward)
            #expect(row["second"] == "")
            #expect(result.columnNames.first == "text")
        }
    }

    @Test func `a UUID is read in its canonical form, in either case, and nothing else is one`() async throws {
        let uuid = UUID()
        let canonical = uuid.uuidString
        let others = [
            "", "g" + canonical.dropFirst(), canonical.dropLast() + " ", canonical + "0", String(canonical.dropLast()),
            canonical.replacing("-", with: ""), "{\(canonical.dropFirst(2))}", canonical.replacing("-", with: "0"),
        ]
        try await withDatabase { database, _ in
            for text in [canonical, canonical.lowercased()] + others {
                let row = try await database.query(as: .tenant, Statement("SELECT $1::text AS text"), [.text(text)])[0]
                #expect(row.uuid("text") == UUID(uuidString: text), "\(text)")
                #expect((row.uuid("text") == uuid) == !others.contains(text), "\(text)")
            }
        }
    }

    @Test func `empty text, bytes and arrays are not NULL`() async throws {
        try await withDatabase { database, _ in
            let statement = Statement(
                "SELECT $1::text = '', $2::bytea = '', $3::text[] = '{}', $4::uuid[] = '{}', $5::text IS NULL")
            let row = try await database.query(
                as: .tenant, statement, [.text(""), .bytes([]), .texts([]), .uuids([]), .null])[0]
            for column in 0..<5 { #expect(row.bool(column) == true) }
        }
    }

    @Test(arguments: [
        "2026-11-20 23:32:45.123456+00", "1999-12-31 23:59:59.999999+00", "1969-12-31 23:59:59.000001+00",
        "2000-02-29 00:00:00+00", "0001-01-01 00:00:00+00", "9999-12-31 23:59:59+00",
    ])
    func `a timestamp keeps its microseconds`(text: String) async throws {
        try await withDatabase { database, _ in
            let statement = Statement("SELECT $1::text::timestamptz AS time")
            let read = try await database.query(as: .tenant, statement, [.text(text)])[0]
            let date = try read.requireTimestamp("time")
            let same = Statement(
                "SELECT $1::timestamptz = $2::text::timestamptz AS same, ($1::timestamptz)::text AS text")
            let back = try await database.query(as: .tenant, same, [.timestamp(date), .text(text)])[0]
            #expect(back["text"] == text)
            #expect(back.bool("same") == true)
        }
    }

    @Test func `text with a NUL is refused instead of being cut`() async throws {
        try await withDatabase { database, _ in
            let statement = Statement("SELECT $1::text AS text")
            for value in [PostgresValue.text("admin\0x"), .text("\0")] {
                let error = try await failure { try await database.query(as: .tenant, statement, [value]) }
                #expect(error?.sqlState == "22021")
            }
            let list = Statement("SELECT $1::text[] AS texts")
            let error = try await failure { try await database.query(as: .tenant, list, [.texts(["fine", "a\0b"])]) }
            #expect(error?.sqlState == "22021")
            // And without it, the same statement is fine.
            #expect(try await database.query(as: .tenant, statement, ["adminx"])[0]["text"] == "adminx")
        }
    }

    @Test func `a column that is missing, NULL or of another type is an error that names it`() async throws {
        try await withDatabase { database, _ in
            let row = try await database.query(as: .tenant, Statement("SELECT 'secret' AS word, NULL AS gap"))[0]
            for error in [
                #expect(throws: PostgresError.self) { try row.requireInt("word") },
                #expect(throws: PostgresError.self) { try row.requireString("gap") },
                #expect(throws: PostgresError.self) { try row.requireString("elsewhere") },
                #expect(throws: PostgresError.self) { try row.requireString(7) },
            ] {
                #expect(error?.code == .protocolViolation)
                #expect(error?.logDetail.contains("secret") == false)
            }
            #expect(try row.requireString("word") == "secret")
        }
    }

    @Test func `the bytes of a value are there without decoding`() async throws {
        try await withDatabase { database, _ in
            let result = try await database.query(as: .tenant, Statement("SELECT '{\"a\": 1}'::json, NULL"))
            let length = result.withBytes(row: 0, column: 0) { $0?.count }
            #expect(length == 8)
            let isNull = result.withBytes(row: 0, column: 1) { $0 == nil }
            #expect(isNull)
        }
    }

    @Test func `an organization is read and printed as PostgreSQL prints a uuid`() throws {
        let text = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"
        let organization = try #require(OrganizationID(text.uppercased()))
        #expect(organization.description == text)
        #expect(OrganizationID("0a1b2c3d") == nil)
        let coded = try JSONEncoder().encode([organization])
        #expect(String(decoding: coded, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([OrganizationID].self, from: coded) == [organization])
    }
}
