-- compatible-with: 0013
-- How far each organization's change feed has been cleared away: the last change that is gone. Whoever wants to go on from
-- before it has missed something, and is told so.

CREATE TABLE change_horizons (
  org_id uuid PRIMARY KEY REFERENCES organizations (id),
  transaction_id xid8 NOT NULL,
  id bigint NOT NULL
);
SELECT protect_tenant_table('change_horizons');
GRANT SELECT ON change_horizons TO switchboard_tenant;

-- The queue's role clears away over all organizations. It sees when a change was and where it stands, not of what.
CREATE POLICY queue_cleans ON changes TO switchboard_queue USING (true);
CREATE POLICY queue_cleans ON change_horizons TO switchboard_queue USING (true) WITH CHECK (true);
GRANT SELECT (org_id, transaction_id, id, occurred_at), DELETE ON changes TO switchboard_queue;
GRANT SELECT, INSERT, UPDATE (transaction_id, id) ON change_horizons TO switchboard_queue;
