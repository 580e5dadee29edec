-- compatible-with: 0020
-- What the carrier has and says nothing more about is asked for; what cannot go out now has an end; a message may come
-- from a sender that is no phone.

-- An inbound message from a short code or a name belongs to no contact: nobody could be called back there.
ALTER TABLE messages ALTER COLUMN contact_id DROP NOT NULL;
ALTER TABLE messages ALTER COLUMN conversation_id DROP NOT NULL;
ALTER TABLE messages ADD CONSTRAINT messages_out_go_to_contacts
  CHECK (direction = 'INBOUND' OR (contact_id IS NOT NULL AND conversation_id IS NOT NULL));

-- Until when it may go out. Null for what did not go out from here.
ALTER TABLE messages ADD COLUMN expires_at timestamptz;
GRANT UPDATE (expires_at) ON messages TO switchboard_tenant;

-- The SID of an attempt that Twilio took and then gave up before anything went out, so that its late callbacks are told
-- from those of the next attempt.
ALTER TABLE message_attempts ADD COLUMN twilio_sid text CHECK (twilio_sid ~ '^[A-Z]{2}[0-9a-f]{32}$');
GRANT UPDATE (twilio_sid) ON message_attempts TO switchboard_tenant;

-- Messages that Twilio has and that have not come to their end: when to ask for each. A row comes with ACCEPTED and goes
-- with the end. Apart from `messages`, whose updates thereby stay within their pages.
CREATE TABLE message_checks (
  org_id uuid NOT NULL,
  message_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  check_at timestamptz NOT NULL,
  checks int NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, message_id),
  FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id)
);
CREATE INDEX message_checks_due ON message_checks (org_id, credential_id, check_at);
SELECT protect_tenant_table('message_checks');
GRANT SELECT, INSERT, UPDATE (check_at, checks), DELETE ON message_checks TO switchboard_tenant;

-- A message that a sync brought in before its own attempt had its answer stands here twice; the attempt's stays.
GRANT DELETE ON messages, message_status_events TO switchboard_tenant;

ALTER TABLE message_status_events DROP CONSTRAINT message_status_events_source_check;
ALTER TABLE message_status_events ADD CONSTRAINT message_status_events_source_check
  CHECK (source IN ('API', 'WORKER', 'CALLBACK', 'WEBHOOK', 'SYNC', 'RECONCILIATION'));
