import TestSupport
import Testing

/// What the migrated database itself says about who may see what. A table that nobody reviewed counts as a tenant's.
@Suite struct CatalogTests {
    /// Tables without a tenant, each reviewed. ARCHITECTURE.md says why each is one.
    static let tenantless = [
        "schema_migrations", "organizations", "api_key_lookups", "platform_api_keys", "platform_keys",
        "twilio_account_claims", "hook_tokens", "jobs", "audit_unsealed", "users",
        "memberships", "invitations", "sessions", "refresh_tokens", "password_resets", "rate_limits", "issuers",
    ]

    /// Findings of a query that lists offenders, a line each; none is right.
    private func offenders(_ sql: String, breaking: String = "") async throws -> [String] {
        try await withMigratedDatabase { database in
            if !breaking.isEmpty { try await database.psql(breaking, as: "switchboard_owner") }
            let list = Self.tenantless.map { "'\($0)'" }.joined(separator: ", ")
            let found = try await database.psql(
                """
                WITH tenant_table AS (
                  SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
                  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'f')
                    AND c.relname NOT IN (\(list))
                )
                \(sql)
                """)
            return found.split(separator: "\n").map(String.init)
        }
    }

    private static let unprotected = """
        SELECT relname FROM tenant_table WHERE NOT (relrowsecurity AND relforcerowsecurity)
        """

    private static let withoutPolicy = """
        SELECT t.relname FROM tenant_table t WHERE NOT EXISTS (
          SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'tenant_isolation' AND p.polpermissive
            AND p.polcmd = '*' AND p.polroles = '{0}'
            AND pg_get_expr(p.polqual, p.polrelid) = pg_get_expr(p.polwithcheck, p.polrelid)
            AND pg_get_expr(p.polqual, p.polrelid) LIKE '(org_id = ( SELECT (NULLIF(current_setting(''switchboard.org_id''%')
        """

    private static let strangerPolicies = """
        SELECT t.relname || ' ' || p.polname FROM tenant_table t JOIN pg_policy p ON p.polrelid = t.oid
        WHERE p.polname <> 'tenant_isolation' AND p.polname <> 'owner_migrates'
          AND NOT (p.polname = 'platform_reads' AND p.polcmd = 'r' AND t.relname IN ('audit_events', 'usage_counters')
            AND p.polroles = ARRAY['switchboard_platform'::regrole::oid])
          AND NOT (p.polname = 'queue_cleans' AND t.relname IN ('changes', 'change_horizons')
            AND p.polroles = ARRAY['switchboard_queue'::regrole::oid])
        """

    private static let keysWithoutTenant = """
        SELECT t.relname || ' ' || i.indexrelid::regclass FROM tenant_table t JOIN pg_index i ON i.indrelid = t.oid
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
        WHERE a.attname IS DISTINCT FROM 'org_id'
        UNION ALL
        SELECT t.relname || ' has no primary key' FROM tenant_table t
        WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)
        """

    /// Rows name these without a foreign key (`0040_lighter_sends.sql` and later), so nobody may delete or rename one.
    private static let deletable = """
        SELECT r.rolname || ' ' || t.name FROM pg_roles r CROSS JOIN (VALUES ('organizations'), ('phone_numbers'),
          ('credentials'), ('bulk_messages')) AS t (name)
        WHERE r.rolname LIKE 'switchboard\\_%' AND r.rolname NOT IN ('switchboard_owner', 'switchboard_admin')
          AND (has_table_privilege(r.oid, t.name, 'DELETE') OR has_table_privilege(r.oid, t.name, 'TRUNCATE')
            OR has_column_privilege(r.oid, t.name, 'id', 'UPDATE'))
        """

    private static let foreignKeysWithoutTenant = """
        SELECT t.relname || ' ' || k.conname FROM tenant_table t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]
        JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[1]
        WHERE a.attname <> 'org_id' OR f.attname <> CASE WHEN k.confrelid = 'organizations'::regclass THEN 'id' ELSE 'org_id' END
        """

    @Test func `Every tenant table has row-level security enabled and forced`() async throws {
        #expect(try await offenders(Self.unprotected) == [])
        #expect(
            try await offenders(Self.unprotected, breaking: "ALTER TABLE messages NO FORCE ROW LEVEL SECURITY")
                == ["messages"])
        #expect(
            try await offenders(Self.unprotected, breaking: "CREATE TABLE forgotten (org_id uuid, id uuid)")
                == ["forgotten"])
    }

    @Test func `Every tenant table has the one policy with both clauses for everyone`() async throws {
        #expect(try await offenders(Self.withoutPolicy) == [])
        #expect(
            try await offenders(
                Self.withoutPolicy, breaking: "DROP POLICY tenant_isolation ON contacts") == ["contacts"])
        #expect(
            try await offenders(
                Self.withoutPolicy, breaking: "ALTER POLICY tenant_isolation ON contacts WITH CHECK (true)")
                == ["contacts"])
    }

    @Test func `No other policy lets anybody into a tenant table but the reviewed ones`() async throws {
        #expect(try await offenders(Self.strangerPolicies) == [])
        #expect(
            try await offenders(
                Self.strangerPolicies, breaking: "CREATE POLICY platform_reads ON messages FOR SELECT USING (true)")
                == ["messages platform_reads"])
    }

    @Test func `The tenant leads every primary key, unique constraint and index`() async throws {
        #expect(try await offenders(Self.keysWithoutTenant) == [])
        #expect(
            try await offenders(Self.keysWithoutTenant, breaking: "CREATE INDEX lone ON messages (twilio_sid)")
                == ["messages lone"])
    }

    @Test func `The tenant leads every foreign key`() async throws {
        #expect(try await offenders(Self.foreignKeysWithoutTenant) == [])
        #expect(
            try await offenders(
                Self.foreignKeysWithoutTenant,
                breaking: """
                    CREATE UNIQUE INDEX lone ON contacts (id);
                    ALTER TABLE messages ADD CONSTRAINT lone_contact FOREIGN KEY (contact_id) REFERENCES contacts (id);
                    """) == ["messages lone_contact"])
    }

    @Test func `Nobody may delete what rows name without a foreign key`() async throws {
        #expect(try await offenders(Self.deletable) == [])
        #expect(
            try await offenders(
                Self.deletable, breaking: "GRANT DELETE ON phone_numbers TO switchboard_tenant")
                == ["switchboard_tenant phone_numbers"])
    }

    @Test func `No role is a superuser, owns what it reads or is a member of another`() async throws {
        try await withMigratedDatabase { database in
            let powerful = try await database.psql(
                """
                SELECT rolname FROM pg_roles WHERE rolname LIKE 'switchboard\\_%' AND rolname <> 'switchboard_admin'
                  AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
                    OR (rolbypassrls AND rolname <> 'switchboard_backup'));
                SELECT roleid::regrole, member::regrole FROM pg_auth_members
                  WHERE member::regrole::text LIKE 'switchboard\\_%' OR roleid::regrole::text LIKE 'switchboard\\_%';
                SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
                  AND relowner <> 'switchboard_owner'::regrole;
                """)
            #expect(powerful == "")
        }
    }

    @Test func `Views run with the rights of who asks`() async throws {
        try await withMigratedDatabase { database in
            let definers = try await database.psql(
                """
                SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm'
                  OR relkind = 'v' AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false));
                SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef;
                """)
            #expect(definers == "")
        }
    }
}
