-- compatible-with: 0011
-- Runs that bring an organization's numbers and past messages in from Twilio.

CREATE TABLE sync_runs (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  credential_id uuid NOT NULL,
  webhooks text NOT NULL CHECK (webhooks IN ('NEVER', 'WHEN_EMPTY', 'ALWAYS')),
  state text NOT NULL CHECK (state IN ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED')),
  numbers_found int NOT NULL DEFAULT 0,
  messages_found int NOT NULL DEFAULT 0,
  messages_added int NOT NULL DEFAULT 0,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id)
);
CREATE INDEX sync_runs_by_time ON sync_runs (org_id, created_at, id);
CREATE UNIQUE INDEX sync_runs_one_live ON sync_runs (org_id, credential_id) WHERE state IN ('QUEUED', 'RUNNING');
SELECT protect_tenant_table('sync_runs');
GRANT SELECT, INSERT ON sync_runs TO switchboard_tenant;
GRANT UPDATE (state, numbers_found, messages_found, messages_added, error, started_at, finished_at) ON sync_runs
  TO switchboard_tenant;

-- How an organization's newest run stands: one row for each organization, also before its first run.
CREATE VIEW sync_status WITH (security_invoker = true) AS
SELECT o.id AS org_id, o.id, coalesce(r.state, 'IDLE') AS state, coalesce(r.numbers_found, 0) AS numbers_found,
       coalesce(r.messages_found, 0) AS messages_found, coalesce(r.messages_added, 0) AS messages_added, r.error,
       r.created_at, r.started_at, r.finished_at
FROM organizations o
LEFT JOIN LATERAL (
  SELECT * FROM sync_runs s WHERE s.org_id = o.id ORDER BY s.created_at DESC, s.id DESC LIMIT 1
) r ON true;
GRANT SELECT ON sync_status TO switchboard_tenant;
