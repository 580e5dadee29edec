-- The roles of a cluster that Switchboard uses. Run by an administrator (`switchboard migrate bootstrap`), not recorded in
-- the history of a database, since roles belong to the cluster. Safe to run again and beside itself.
--
-- None is a superuser, none a member of another, none owns what it reads. What each may do stands in the migrations that
-- make the tables; ARCHITECTURE.md lists it and a test compares that list with pg_catalog.

DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY[
    'switchboard_owner',     -- owns the objects, runs migrations, nothing else
    'switchboard_tenant',    -- all tenant work, under the policies
    'switchboard_vault',     -- sealed credentials and keys
    'switchboard_edge',      -- what must be found before the tenant is known
    'switchboard_queue',     -- claims jobs across organizations, sees no content
    'switchboard_platform',  -- organization directory, usage counts, audit rows
    'switchboard_backup'     -- reads everything for pg_dump
  ] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', role_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- another bootstrap was first
      END;
    END IF;
  END LOOP;
END
$$;

-- pg_dump refuses to run under row-level security, so the backup role passes it by; it may only read.
ALTER ROLE switchboard_backup BYPASSRLS;
ALTER ROLE switchboard_backup SET default_transaction_read_only = on;
