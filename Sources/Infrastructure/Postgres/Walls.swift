/// What stands between the tenants of a database, read from its catalog: who was granted what on which table and
/// column, and by which policies rows are seen and written.
package enum Walls {
    /// One line for each table and role, and one for each policy, in order. `migrations/walls.txt` holds those of the
    /// migrations, so that any other can be named.
    package static func lines(of database: Database) async throws -> [String] {
        try await database.query(as: .tenant, WallQueries.lines).rows.map { try $0.requireString("line") }.sorted()
    }
}

enum WallQueries {
    /// The backup role reads everything by default privileges, so its grants say nothing. PostgreSQL's releases differ in
    /// whether they print the name of a sub-select's column.
    static let lines = Statement(
        """
        WITH relation AS (
          SELECT c.oid, c.relname, c.relacl, c.relowner FROM pg_class c
          WHERE c.relnamespace = 'public'::regnamespace
        ), granted AS (
          SELECT r.relname, a.grantee, a.privilege_type AS privilege, '' AS columns
          FROM relation r, aclexplode(r.relacl) a WHERE a.grantee <> r.relowner
          UNION ALL
          SELECT r.relname, a.grantee, a.privilege_type,
                 '(' || string_agg(t.attname, ' ' ORDER BY t.attname COLLATE "C") || ')'
          FROM relation r JOIN pg_attribute t ON t.attrelid = r.oid AND t.attacl IS NOT NULL, aclexplode(t.attacl) a
          GROUP BY r.relname, a.grantee, a.privilege_type
        )
        SELECT 'grant ' || relname || ' ' || CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END || ' '
          || string_agg(privilege || columns, ' ' ORDER BY privilege COLLATE "C", columns COLLATE "C") AS line
        FROM granted WHERE grantee = 0 OR grantee <> 'switchboard_backup'::regrole GROUP BY relname, grantee
        UNION ALL
        SELECT 'policy ' || tablename || ' ' || policyname || ' ' || permissive || ' ' || cmd || ' to '
          || array_to_string(roles, ' ') || ' using ' || coalesce(replace(qual, ' AS "nullif"', ''), 'nothing')
          || ' check ' || coalesce(replace(with_check, ' AS "nullif"', ''), 'nothing')
        FROM pg_policies WHERE schemaname = 'public'
        UNION ALL
        SELECT 'table ' || relname || CASE WHEN relforcerowsecurity THEN ' held to its policies'
          WHEN relrowsecurity THEN ' held to its policies but for its owner' ELSE ' without policies' END
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        """)
}
