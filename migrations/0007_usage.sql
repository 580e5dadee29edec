-- compatible-with: 0007
-- What each organization used, counted in the transaction of what is counted. The platform sees these counts and no more.
-- `slot` spreads the writers of one organization over several rows, so that they do not wait for each other.

CREATE TABLE usage_counters (
  org_id uuid NOT NULL REFERENCES organizations (id),
  metric text NOT NULL CHECK (metric IN ('MESSAGES_OUTBOUND', 'MESSAGES_INBOUND')),
  day date NOT NULL,
  slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 15),
  count bigint NOT NULL CHECK (count >= 0),
  PRIMARY KEY (org_id, metric, day, slot)
);
SELECT protect_tenant_table('usage_counters');
CREATE POLICY platform_reads ON usage_counters FOR SELECT TO switchboard_platform USING (true);
GRANT SELECT, INSERT, UPDATE (count) ON usage_counters TO switchboard_tenant;
GRANT SELECT ON usage_counters TO switchboard_platform;

-- The directory as the platform sees it: who there is, and how much they used.
CREATE VIEW platform_organizations WITH (security_invoker = true) AS
SELECT o.id, o.slug, o.name, o.created_at,
       coalesce(u.outbound, 0) AS messages_outbound,
       coalesce(u.inbound, 0) AS messages_inbound,
       coalesce(u.outbound, 0) + coalesce(u.inbound, 0) AS messages
FROM organizations o
LEFT JOIN LATERAL (
  SELECT sum(c.count) FILTER (WHERE c.metric = 'MESSAGES_OUTBOUND')::bigint AS outbound,
         sum(c.count) FILTER (WHERE c.metric = 'MESSAGES_INBOUND')::bigint AS inbound
  FROM usage_counters c WHERE c.org_id = o.id
) u ON true;
GRANT SELECT ON platform_organizations TO switchboard_platform;

-- Audit rows as the platform sees them, with the organization's id under its own name.
CREATE VIEW platform_audit_events WITH (security_invoker = true) AS
SELECT e.id, e.org_id AS organization_id, e.occurred_at, e.actor_kind, e.actor_id, e.action, e.outcome,
       e.subject_kind, e.subject_id, e.purpose, e.request_id
FROM audit_events e;
GRANT SELECT ON platform_audit_events TO switchboard_platform;
