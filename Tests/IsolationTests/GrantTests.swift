import FoundationEssentials
import Logging
import MigrationFiles
import Postgres
import TestSupport
import Testing

/// The grants of the migrated database are those that ARCHITECTURE.md lists, no more and no fewer.
@Suite struct GrantTests {
    private static let granted = """
        WITH relation AS (
          SELECT c.oid, c.relname, c.relacl, c.relowner FROM pg_class c
          WHERE c.relnamespace = 'public'::regnamespace
        ), granted AS (
          SELECT r.relname, a.grantee, a.privilege_type AS privilege, '' AS columns
          FROM relation r, aclexplode(r.relacl) a WHERE a.grantee <> r.relowner
          UNION ALL
          SELECT r.relname, a.grantee, a.privilege_type, '(' || string_agg(t.attname, ' ' ORDER BY t.attname) || ')'
          FROM relation r JOIN pg_attribute t ON t.attrelid = r.oid AND t.attacl IS NOT NULL, aclexplode(t.attacl) a
          GROUP BY r.relname, a.grantee, a.privilege_type
        )
        SELECT relname || ' ' || CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END || ' '
          || string_agg(privilege || columns, ' ' ORDER BY privilege, columns)
        FROM granted WHERE grantee = 0 OR grantee <> 'switchboard_backup'::regrole
        GROUP BY relname, grantee ORDER BY 1
        """

    private func reviewed() throws -> [String] {
        let text = try String(contentsOfFile: RepositoryFile.path("ARCHITECTURE.md"), encoding: .utf8)
        let parts = text.split(separator: "```grants\n", maxSplits: 1)
        let block = try #require(parts.last?.split(separator: "```", maxSplits: 1).first)
        return block.split(separator: "\n").map(String.init).sorted()
    }

    @Test func `The grants equal the written list`() async throws {
        let reviewed = try reviewed()
        try await withMigratedDatabase { database in
            let found = try await database.psql(Self.granted).split(separator: "\n").map(String.init).sorted()
            #expect(found == reviewed)
            try await database.psql("GRANT SELECT ON messages TO switchboard_platform", as: "switchboard_owner")
            let loosened = try await database.psql(Self.granted).split(separator: "\n").map(String.init).sorted()
            #expect(loosened != reviewed, "a grant too many must be seen")
        }
    }

    @Test func `What the doctor expects of grants and policies is what the migrations make`() async throws {
        let expected = String(decoding: MigrationFiles.walls, as: UTF8.self).split(separator: "\n").map(String.init)
        let reviewed = try reviewed().map { "grant " + $0 }
        #expect(expected.filter { $0.hasPrefix("grant ") } == reviewed)
        try await withMigratedDatabase { data in
            let database = Database(
                configuration: DatabaseConfiguration(conninfo: data.conninfo),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            // SWITCHBOARD_UPDATE_GOLDEN=1 writes it anew; review what it says.
            let found = try await Walls.lines(of: database)
            if ProcessInfo.processInfo.environment["SWITCHBOARD_UPDATE_GOLDEN"] == "1" {
                try Data((found.joined(separator: "\n") + "\n").utf8).write(
                    to: URL(filePath: RepositoryFile.path("migrations/walls.txt")))
            }
            #expect(found == expected)
            for change in [
                "GRANT UPDATE (outcome) ON audit_events TO switchboard_edge",
                "CREATE POLICY all_in ON messages USING (true)",
                "ALTER POLICY tenant_isolation ON messages USING (true)",
                "ALTER TABLE messages NO FORCE ROW LEVEL SECURITY",
            ] {
                try await data.psql(change, as: "switchboard_owner")
                let changed = try await Walls.lines(of: database)
                #expect(changed != found, "\(change) must be seen")
            }
            await database.close()
        }
    }

    @Test func `The backup role may read every table and change none`() async throws {
        try await withMigratedDatabase { database in
            let wrong = try await database.psql(
                """
                SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
                  AND (NOT has_table_privilege('switchboard_backup', c.oid, 'SELECT')
                    OR has_table_privilege('switchboard_backup', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES'));
                """)
            #expect(wrong == "")
        }
    }

    @Test func `Nobody may call a function of ours or make anything in the schema but the owner`() async throws {
        try await withTestDatabase { database in
            try await database.migrate()
            let wrong = try await database.psql(
                """
                SELECT p.proname, r.rolname FROM pg_proc p, pg_roles r
                WHERE p.pronamespace = 'public'::regnamespace AND r.rolname LIKE 'switchboard\\_%'
                  AND r.rolname NOT IN ('switchboard_owner', 'switchboard_admin')
                  AND has_function_privilege(r.oid, p.oid, 'EXECUTE');
                SELECT r.rolname FROM pg_roles r WHERE r.rolname LIKE 'switchboard\\_%'
                  AND r.rolname NOT IN ('switchboard_owner', 'switchboard_admin')
                  AND (has_schema_privilege(r.oid, 'public', 'CREATE')
                    OR has_database_privilege(r.oid, current_database(), 'CREATE, TEMPORARY'));
                """)
            #expect(wrong == "")
        }
    }
}
