-- compatible-with: 0008
-- The people an organization texts, and the one conversation it has with each.

CREATE TABLE contacts (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text CHECK (char_length(name) <= 200),
  phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{7,14}$'),
  time_zone text,
  opted_out_at timestamptz,
  opted_out boolean NOT NULL GENERATED ALWAYS AS (opted_out_at IS NOT NULL) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, phone)
);
CREATE INDEX contacts_by_time ON contacts (org_id, created_at, id);
SELECT protect_tenant_table('contacts');
GRANT SELECT, INSERT ON contacts TO switchboard_tenant;
GRANT UPDATE (name, time_zone, opted_out_at) ON contacts TO switchboard_tenant;

CREATE TABLE conversations (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  contact_id uuid NOT NULL,
  unread_count int NOT NULL DEFAULT 0 CHECK (unread_count >= 0),
  last_message_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, contact_id),
  FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id)
);
CREATE INDEX conversations_by_activity ON conversations (org_id, last_message_at, id);
SELECT protect_tenant_table('conversations');
GRANT SELECT, INSERT ON conversations TO switchboard_tenant;
GRANT UPDATE (unread_count, last_message_at) ON conversations TO switchboard_tenant;
