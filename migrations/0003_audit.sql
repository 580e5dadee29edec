-- compatible-with: 0003
-- Who did what, when, from where. Append-only: nobody is granted UPDATE or DELETE. Never a secret, never a body.

CREATE TABLE audit_events (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_kind text NOT NULL CHECK (actor_kind IN ('API_KEY', 'WORKER', 'COMMAND_LINE')),
  actor_id uuid,
  action text NOT NULL CHECK (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  outcome text NOT NULL CHECK (outcome IN ('DONE', 'REFUSED')),
  subject_kind text NOT NULL,
  subject_id uuid,
  purpose text,
  request_id text,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX audit_events_by_time ON audit_events (org_id, occurred_at, id);
SELECT protect_tenant_table('audit_events');
CREATE POLICY platform_reads ON audit_events FOR SELECT TO switchboard_platform USING (true);
GRANT SELECT, INSERT ON audit_events TO switchboard_tenant, switchboard_vault;
GRANT SELECT ON audit_events TO switchboard_platform;
