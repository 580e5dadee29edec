-- compatible-with: 0015
-- The audit log becomes provable. Each row carries a MAC, made in the transaction of what it records; a sealer chains
-- the committed rows of an organization into `audit_seals`, so that writers never wait for each other. Nobody is granted
-- UPDATE or DELETE on either. What happened on the platform itself stands under the organization of zeros.

ALTER TABLE audit_events DROP CONSTRAINT audit_events_org_id_fkey;
ALTER TABLE audit_events ALTER COLUMN occurred_at DROP DEFAULT;
ALTER TABLE audit_events
  ADD COLUMN source text CHECK (char_length(source) <= 64),
  ADD COLUMN mac_key_id uuid,
  ADD COLUMN mac bytea;
-- NOT VALID: no new row may be without. `audit verify` names every row that is, those of before this migration too.
ALTER TABLE audit_events ADD CONSTRAINT audit_events_authenticated
  CHECK (mac_key_id IS NOT NULL AND mac IS NOT NULL AND octet_length(mac) = 32) NOT VALID;
ALTER TABLE audit_events DROP CONSTRAINT audit_events_actor_kind_check;
ALTER TABLE audit_events ADD CONSTRAINT audit_events_actor_kind_check
  CHECK (actor_kind IN ('API_KEY', 'USER', 'WORKER', 'COMMAND_LINE'));
GRANT INSERT ON audit_events TO switchboard_platform;

CREATE TABLE audit_seals (
  org_id uuid NOT NULL,
  position bigint NOT NULL CHECK (position > 0),
  event_id uuid NOT NULL,
  link bytea NOT NULL CHECK (octet_length(link) = 32),
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (org_id, position),
  UNIQUE (org_id, event_id),
  FOREIGN KEY (org_id, event_id) REFERENCES audit_events (org_id, id)
);
SELECT protect_tenant_table('audit_seals');
GRANT SELECT, INSERT ON audit_seals TO switchboard_vault;

-- What waits for the sealer: ids only. A row comes with its event and goes with its seal.
CREATE TABLE audit_unsealed (
  org_id uuid NOT NULL,
  event_id uuid NOT NULL,
  PRIMARY KEY (org_id, event_id)
);
SELECT protect_tenant_table('audit_unsealed');
CREATE POLICY sealer_finds ON audit_unsealed FOR SELECT TO switchboard_queue USING (true);
GRANT INSERT ON audit_unsealed TO switchboard_tenant, switchboard_vault, switchboard_platform;
GRANT SELECT, DELETE ON audit_unsealed TO switchboard_vault;
GRANT SELECT (org_id) ON audit_unsealed TO switchboard_queue;

CREATE OR REPLACE VIEW platform_audit_events WITH (security_invoker = true) AS
SELECT e.id, nullif(e.org_id, '00000000-0000-0000-0000-000000000000') AS organization_id, e.occurred_at, e.actor_kind,
       e.actor_id, e.action, e.outcome, e.subject_kind, e.subject_id, e.purpose, e.request_id, e.source
FROM audit_events e;
