-- compatible-with: 0002
-- Organizations and the API keys by which they come in.

CREATE TABLE organizations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT now()
);
SELECT protect_tenant_table('organizations', 'id');
CREATE POLICY platform_directory ON organizations TO switchboard_platform USING (true) WITH CHECK (true);
GRANT SELECT ON organizations TO switchboard_tenant, switchboard_vault;
GRANT SELECT, INSERT ON organizations TO switchboard_platform;

CREATE TABLE api_keys (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 200),
  role text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'AGENT', 'VIEWER')),
  hint text NOT NULL CHECK (char_length(hint) <= 4),
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('api_keys');
GRANT SELECT, INSERT ON api_keys TO switchboard_tenant;
GRANT UPDATE (revoked_at) ON api_keys TO switchboard_tenant;

-- What a bearer token is looked up by, before any tenant is known. A keyed hash, never the key.
-- `org_id` is null for a key of the platform. An organization writes and sees its own rows only; the edge reads all.
CREATE TABLE api_key_lookups (
  key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  org_id uuid REFERENCES organizations (id),
  api_key_id uuid NOT NULL UNIQUE,
  role text NOT NULL,
  revoked_at timestamptz,
  CHECK (CASE WHEN org_id IS NULL THEN role IN ('PLATFORM_ADMIN', 'PLATFORM_AUDITOR')
              ELSE role IN ('OWNER', 'ADMIN', 'AGENT', 'VIEWER') END)
);
SELECT protect_tenant_table('api_key_lookups');
CREATE POLICY edge_finds ON api_key_lookups FOR SELECT TO switchboard_edge USING (true);
CREATE POLICY platform_keys ON api_key_lookups TO switchboard_platform
  USING (org_id IS NULL) WITH CHECK (org_id IS NULL);
GRANT SELECT (key_hash, org_id, api_key_id, role, revoked_at) ON api_key_lookups TO switchboard_edge;
GRANT SELECT (org_id, api_key_id, revoked_at), INSERT, UPDATE (revoked_at) ON api_key_lookups
  TO switchboard_tenant, switchboard_platform;

-- Keys of platform admins and auditors: they belong to no organization.
CREATE TABLE platform_api_keys (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 200),
  role text NOT NULL CHECK (role IN ('PLATFORM_ADMIN', 'PLATFORM_AUDITOR')),
  hint text NOT NULL CHECK (char_length(hint) <= 4),
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
GRANT SELECT, INSERT ON platform_api_keys TO switchboard_platform;
GRANT UPDATE (revoked_at) ON platform_api_keys TO switchboard_platform;
