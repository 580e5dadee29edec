-- compatible-with: 0024
-- Messages of later, and messages to many.

-- One text to many. Its recipients are kept in `bulk_recipients` and become messages little by little, so that a bulk can be
-- paused, does not fill the queue, and leaves room for what is sent one by one.
CREATE TABLE bulk_messages (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('RUNNING', 'PAUSED', 'CANCELED', 'COMPLETED')),
  body text NOT NULL,
  variables jsonb NOT NULL,
  credential_id uuid NOT NULL,
  phone_number_id uuid,
  respects_quiet_hours boolean NOT NULL,
  valid_for int NOT NULL,
  scheduled_at timestamptz,
  total int NOT NULL CHECK (total >= 0),
  refused int NOT NULL DEFAULT 0,
  created int NOT NULL DEFAULT 0,
  canceled int NOT NULL DEFAULT 0,
  pending int NOT NULL GENERATED ALWAYS AS (total - refused - created - canceled) STORED CHECK (pending >= 0),
  reported text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id),
  FOREIGN KEY (org_id, phone_number_id) REFERENCES phone_numbers (org_id, id)
);
CREATE INDEX bulk_messages_by_time ON bulk_messages (org_id, created_at, id);
SELECT protect_tenant_table('bulk_messages');
GRANT SELECT, INSERT, UPDATE (state, total, refused, created, canceled, reported, finished_at) ON bulk_messages
  TO switchboard_tenant;

ALTER TABLE messages ADD COLUMN bulk_id uuid, ADD COLUMN respects_quiet_hours boolean NOT NULL DEFAULT false;
GRANT UPDATE (respects_quiet_hours) ON messages TO switchboard_tenant;
ALTER TABLE messages ADD FOREIGN KEY (org_id, bulk_id) REFERENCES bulk_messages (org_id, id);
CREATE INDEX messages_by_bulk ON messages (org_id, bulk_id, id) WHERE bulk_id IS NOT NULL;

CREATE TABLE bulk_recipients (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  bulk_id uuid NOT NULL,
  position int NOT NULL,
  phone text NOT NULL CHECK (char_length(phone) <= 255),
  variables jsonb,
  due_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('PENDING', 'CREATED', 'REFUSED', 'CANCELED')),
  error_code text,
  error_message text,
  message_id uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bulk_id) REFERENCES bulk_messages (org_id, id),
  FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id)
);
CREATE INDEX bulk_recipients_in_order ON bulk_recipients (org_id, bulk_id, position, id);
CREATE INDEX bulk_recipients_pending ON bulk_recipients (org_id, bulk_id, due_at, position) WHERE state = 'PENDING';
SELECT protect_tenant_table('bulk_recipients');
GRANT SELECT, INSERT, UPDATE (due_at, state, error_code, error_message, message_id) ON bulk_recipients
  TO switchboard_tenant;

ALTER TABLE changes DROP CONSTRAINT changes_kind_check;
ALTER TABLE changes ADD CONSTRAINT changes_kind_check CHECK (kind IN ('message', 'sync', 'bulk'));
