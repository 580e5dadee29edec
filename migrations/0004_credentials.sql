-- compatible-with: 0004
-- Credentials: a public row that the organization sees, and sealed secrets that only switchboard_vault can read.

-- Keys of the platform itself, wrapped by the root key. The first row also tells a wrong root key at start.
CREATE TABLE platform_keys (
  purpose text PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  wrapping_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON platform_keys TO switchboard_vault;

CREATE TABLE organization_keys (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL,
  wrapping_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  state text NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'RETIRED')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX organization_keys_one_active ON organization_keys (org_id) WHERE state = 'ACTIVE';
SELECT protect_tenant_table('organization_keys');
GRANT SELECT, INSERT ON organization_keys TO switchboard_vault;

CREATE TABLE credentials (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('TWILIO')),
  label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 200),
  status text NOT NULL CHECK (status IN ('UNVERIFIED', 'VERIFIED', 'INVALID', 'REVOKED')),
  is_default boolean NOT NULL,
  account_sid text NOT NULL CHECK (account_sid ~ '^AC[0-9a-f]{32}$'),
  api_key_sid text CHECK (api_key_sid ~ '^SK[0-9a-f]{32}$'),
  secret_hint text NOT NULL CHECK (char_length(secret_hint) <= 4),
  account_type text,
  account_friendly_name text,
  last_verified_at timestamptz,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  PRIMARY KEY (org_id, id),
  CHECK ((status = 'REVOKED') = (revoked_at IS NOT NULL)),
  CHECK (NOT (is_default AND status = 'REVOKED'))
);
CREATE UNIQUE INDEX credentials_one_default ON credentials (org_id, kind) WHERE is_default;
CREATE UNIQUE INDEX credentials_one_per_account ON credentials (org_id, account_sid) WHERE status <> 'REVOKED';
CREATE INDEX credentials_by_time ON credentials (org_id, created_at, id);
SELECT protect_tenant_table('credentials');
GRANT SELECT ON credentials TO switchboard_tenant, switchboard_vault;
GRANT INSERT ON credentials TO switchboard_vault;
GRANT UPDATE (label, status, is_default, account_type, account_friendly_name, last_verified_at, last_error, revoked_at)
  ON credentials TO switchboard_vault;

-- One version of one secret of a credential. Rows are sealed; deleting them on revocation leaves nothing to open.
CREATE TABLE sealed_secrets (
  org_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  field text NOT NULL CHECK (field IN ('auth_token', 'api_key_secret')),
  version int NOT NULL CHECK (version > 0),
  organization_key_id uuid NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, credential_id, field, version),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id),
  FOREIGN KEY (org_id, organization_key_id) REFERENCES organization_keys (org_id, id)
);
SELECT protect_tenant_table('sealed_secrets');
GRANT SELECT, INSERT, DELETE ON sealed_secrets TO switchboard_vault;

-- One Twilio account belongs to one organization. Unique over all tenants on purpose, so only the vault's role sees it,
-- and only after the caller has proved the account's secret is anyone told that the account is taken.
CREATE TABLE twilio_account_claims (
  account_sid text PRIMARY KEY CHECK (account_sid ~ '^AC[0-9a-f]{32}$'),
  org_id uuid NOT NULL REFERENCES organizations (id),
  claimed_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON twilio_account_claims TO switchboard_vault;

-- Names the organization and the credential of a webhook; nothing in a webhook's body does. An identifier, not a secret.
CREATE TABLE hook_tokens (
  token text PRIMARY KEY CHECK (char_length(token) BETWEEN 16 AND 64),
  org_id uuid NOT NULL REFERENCES organizations (id),
  credential_id uuid NOT NULL,
  revoked_at timestamptz,
  UNIQUE (org_id, credential_id),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id)
);
SELECT protect_tenant_table('hook_tokens');
CREATE POLICY edge_finds ON hook_tokens FOR SELECT TO switchboard_edge USING (true);
GRANT SELECT ON hook_tokens TO switchboard_edge;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON hook_tokens TO switchboard_vault;
