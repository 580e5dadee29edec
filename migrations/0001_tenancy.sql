-- compatible-with: 0001
-- The walls: who may enter the database at all, and the one function that makes a table a tenant's.

DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO switchboard_tenant, switchboard_vault, switchboard_edge, '
    'switchboard_queue, switchboard_platform, switchboard_backup', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO switchboard_tenant, switchboard_vault, switchboard_edge, switchboard_queue,
  switchboard_platform, switchboard_backup;

-- Functions are executable by everyone unless told otherwise; here none is. The backup role may read what comes.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO switchboard_backup;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO switchboard_backup;
GRANT SELECT ON schema_migrations TO switchboard_backup;

-- The only place where the policy's text stands.
--
-- The sub-select is evaluated once per statement; the bare call once per row. A setting that was made with
-- `set_config(…, true)` reverts to '' on a pooled connection, hence nullif: no tenant set means no row, not an error.
-- FORCE holds the owner to the policies as well, so migrations have one of their own, else they would change no row.
CREATE FUNCTION protect_tenant_table(tenant_table regclass, tenant_column name DEFAULT 'org_id') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  own_row text := format($predicate$%I = (SELECT nullif(current_setting('switchboard.org_id', true), '')::uuid)$predicate$,
    tenant_column);
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('CREATE POLICY tenant_isolation ON %s USING (%s) WITH CHECK (%s)', tenant_table, own_row, own_row);
  EXECUTE format('CREATE POLICY owner_migrates ON %s TO switchboard_owner USING (true) WITH CHECK (true)', tenant_table);
END
$$;

REVOKE EXECUTE ON FUNCTION protect_tenant_table(regclass, name) FROM PUBLIC;
