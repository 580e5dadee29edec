-- compatible-with: 0015
-- People. A user belongs to the platform: no organization changes a user's e-mail or password. What a user may do in an
-- organization stands in `memberships`; what a user may do on the platform in `users.platform_role`.

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email text NOT NULL UNIQUE CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  -- Null until the user has chosen a password.
  password_hash text CHECK (password_hash LIKE '$argon2id$%'),
  platform_role text CHECK (platform_role IN ('PLATFORM_ADMIN', 'PLATFORM_AUDITOR')),
  created_at timestamptz NOT NULL DEFAULT now(),
  suspended_at timestamptz
);
GRANT SELECT (id, email, name, password_hash, platform_role, suspended_at), INSERT (id, email, name, password_hash),
  UPDATE (password_hash) ON users TO switchboard_edge;
GRANT SELECT (id, email, name, platform_role, created_at, suspended_at),
  INSERT (id, email, name, password_hash, platform_role), UPDATE (platform_role, suspended_at)
  ON users TO switchboard_platform;

-- `email` and `name` are copies, so that an organization sees its own members without seeing users.
CREATE TABLE memberships (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users (id),
  role text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'AGENT', 'VIEWER')),
  email text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);
SELECT protect_tenant_table('memberships');
CREATE POLICY edge_finds ON memberships FOR SELECT TO switchboard_edge USING (true);
GRANT SELECT, UPDATE (role), DELETE ON memberships TO switchboard_tenant;
GRANT SELECT (org_id, id, user_id, role), INSERT ON memberships TO switchboard_edge;

CREATE TABLE invitations (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  email text NOT NULL CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 254),
  role text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'AGENT', 'VIEWER')),
  -- Whose word it is: it is good for as long as they could still give it.
  inviter_kind text NOT NULL CHECK (inviter_kind IN ('API_KEY', 'USER', 'SUBJECT')),
  inviter_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('invitations');
CREATE POLICY edge_finds ON invitations FOR SELECT TO switchboard_edge USING (true);
GRANT SELECT (org_id, id, email, role, created_at, expires_at, accepted_at, revoked_at),
  INSERT (org_id, id, token_hash, email, role, inviter_kind, inviter_id, expires_at), UPDATE (revoked_at)
  ON invitations TO switchboard_tenant;
GRANT SELECT (org_id, id, token_hash, email, role, inviter_kind, inviter_id, expires_at, accepted_at, revoked_at),
  UPDATE (accepted_at) ON invitations TO switchboard_edge;
-- What the API reads: whole rows, so without the hash of the token.
CREATE VIEW shown_invitations WITH (security_invoker = true) AS
  SELECT org_id, id, email, role, created_at, expires_at, accepted_at, revoked_at FROM invitations;
GRANT SELECT ON shown_invitations TO switchboard_tenant;

-- A suspended organization's keys and members are let in no more.
ALTER TABLE organizations ADD COLUMN suspended_at timestamptz;
CREATE POLICY edge_names ON organizations FOR SELECT TO switchboard_edge USING (true);
GRANT SELECT (id, slug, name, suspended_at) ON organizations TO switchboard_edge;
GRANT UPDATE (suspended_at) ON organizations TO switchboard_platform;

-- Sign-ins and what became of them are written in the transaction that they are about.
GRANT INSERT ON audit_events, audit_unsealed TO switchboard_edge;
ALTER TABLE audit_events DROP CONSTRAINT audit_events_actor_kind_check;
ALTER TABLE audit_events ADD CONSTRAINT audit_events_actor_kind_check
  CHECK (actor_kind IN ('API_KEY', 'USER', 'SUBJECT', 'WORKER', 'COMMAND_LINE', 'ANONYMOUS'));

-- Who it was, as the API names them. Derived, so that it needs no MAC of its own and nobody can write it.
ALTER TABLE audit_events ADD COLUMN actor text GENERATED ALWAYS AS (
  CASE actor_kind WHEN 'API_KEY' THEN 'key_' WHEN 'USER' THEN 'usr_' WHEN 'SUBJECT' THEN 'sub_' END
  || replace(actor_id::text, '-', '')) STORED;
CREATE OR REPLACE VIEW platform_audit_events WITH (security_invoker = true) AS
SELECT e.id, nullif(e.org_id, '00000000-0000-0000-0000-000000000000') AS organization_id, e.occurred_at, e.actor_kind,
       e.actor_id, e.action, e.outcome, e.subject_kind, e.subject_id, e.purpose, e.request_id, e.source, e.actor
FROM audit_events e;
