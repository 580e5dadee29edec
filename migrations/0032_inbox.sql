-- compatible-with: 0032
-- A conversation is somebody's to answer; and what came in while no webhook reached us is asked for at Twilio.

-- Who is to answer. Whoever leaves the organization has their conversations taken from them in the same statement, which
-- binaries of before do not do.
ALTER TABLE conversations
  ADD COLUMN assigned_to uuid,
  ADD COLUMN is_assigned boolean NOT NULL GENERATED ALWAYS AS (assigned_to IS NOT NULL) STORED,
  ADD FOREIGN KEY (org_id, assigned_to) REFERENCES memberships (org_id, id);
CREATE INDEX conversations_by_assignee ON conversations (org_id, assigned_to, last_message_at, id)
  WHERE assigned_to IS NOT NULL;
GRANT UPDATE (assigned_to) ON conversations TO switchboard_tenant;

-- Members as all of their organization see one another: no more than who they are.
CREATE VIEW colleagues WITH (security_invoker = true) AS SELECT org_id, id, name, role FROM memberships;
GRANT SELECT ON colleagues TO switchboard_tenant;

-- Until when Twilio was asked for what came in by a credential's account.
CREATE TABLE inbound_checks (
  org_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  checked_until timestamptz NOT NULL,
  PRIMARY KEY (org_id, credential_id),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id)
);
SELECT protect_tenant_table('inbound_checks');
GRANT SELECT, INSERT, UPDATE (checked_until) ON inbound_checks TO switchboard_tenant;
