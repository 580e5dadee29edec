import Postgres

enum DoctorQueries {
    static let server = Statement(
        "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name")

    static let clock = Statement("SELECT clock_timestamp() AS now")

    /// Roles that can do what none of ours may, and those that there are.
    static let roles = Statement(
        """
        SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
          OR (rolbypassrls AND rolname <> 'switchboard_backup') AS is_powerful
        FROM pg_roles WHERE rolname = ANY ($1)
        """)

    static let unprotected = Statement(
        """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity) AND c.relname <> 'twilio_account_claims'
          AND c.relname <> 'jobs' ORDER BY 1
        """)

    /// A grant of something dangerous, to a role that must not have it.
    static let forbidden = Statement(
        """
        SELECT r.rolname || ' may ' || p.privilege || ' on ' || c.relname AS found
        FROM pg_class c, pg_roles r, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (privilege)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('audit_events', 'audit_seals')
          AND r.rolname = ANY ($1) AND r.rolname <> 'switchboard_owner' AND has_table_privilege(r.oid, c.oid, p.privilege)
        UNION ALL
        SELECT r.rolname || ' may read ' || c.relname FROM pg_class c, pg_roles r
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('sealed_secrets', 'organization_keys', 'platform_keys')
          AND r.rolname = ANY ($1) AND r.rolname NOT IN ('switchboard_owner', 'switchboard_backup', 'switchboard_vault')
          AND has_any_column_privilege(r.oid, c.oid, 'SELECT')
        """)

    static let credentialsOf = Statement(
        """
        SELECT id, label, account_sid, status FROM credentials WHERE org_id = $1 AND status <> 'REVOKED'
        ORDER BY is_default DESC, created_at, id
        """)
}
