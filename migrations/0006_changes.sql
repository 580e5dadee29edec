-- compatible-with: 0006
-- What changed, for subscriptions. Ordered by (transaction_id, id) and read only below the oldest transaction that is
-- still running: ordered by the sequence alone, a row that commits late would be skipped.

CREATE TABLE changes (
  org_id uuid NOT NULL REFERENCES organizations (id),
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('message', 'sync')),
  subject_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (org_id, transaction_id, id)
);
CREATE INDEX changes_by_time ON changes (org_id, occurred_at);
SELECT protect_tenant_table('changes');
GRANT SELECT, INSERT ON changes TO switchboard_tenant;
