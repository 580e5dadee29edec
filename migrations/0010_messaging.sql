-- compatible-with: 0010
-- Messages, the attempts to hand them to the carrier, and what became of them.

CREATE TABLE messages (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  direction text NOT NULL CHECK (direction IN ('INBOUND', 'OUTBOUND')),
  status text NOT NULL CHECK (status IN ('SCHEDULED', 'QUEUED', 'SENDING', 'IN_DOUBT', 'ACCEPTED', 'SENT', 'DELIVERED',
    'UNDELIVERED', 'FAILED', 'CANCELED', 'UNKNOWN', 'RECEIVED')),
  from_address text,
  to_address text NOT NULL,
  body text NOT NULL,
  segments int NOT NULL CHECK (segments >= 0),
  twilio_sid text CHECK (twilio_sid ~ '^[A-Z]{2}[0-9a-f]{32}$'),
  error_code int,
  error_message text,
  price_micros bigint,
  price_currency text CHECK (price_currency ~ '^[A-Z]{3}$'),
  contact_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  phone_number_id uuid,
  credential_id uuid NOT NULL,
  auto_response boolean NOT NULL DEFAULT false,
  scheduled_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, twilio_sid),
  FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id),
  FOREIGN KEY (org_id, conversation_id) REFERENCES conversations (org_id, id),
  FOREIGN KEY (org_id, phone_number_id) REFERENCES phone_numbers (org_id, id),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id)
);
CREATE INDEX messages_by_time ON messages (org_id, created_at, id);
CREATE INDEX messages_by_contact ON messages (org_id, contact_id, created_at, id);
CREATE INDEX messages_by_conversation ON messages (org_id, conversation_id, created_at, id);
SELECT protect_tenant_table('messages');
GRANT SELECT, INSERT ON messages TO switchboard_tenant;
GRANT UPDATE (status, from_address, segments, twilio_sid, error_code, error_message, price_micros, price_currency,
  phone_number_id, scheduled_at, sent_at, delivered_at) ON messages TO switchboard_tenant;

-- Every state a message has been in, in order.
CREATE TABLE message_status_events (
  org_id uuid NOT NULL,
  message_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  status text NOT NULL,
  source text NOT NULL CHECK (source IN ('API', 'WORKER', 'CALLBACK', 'WEBHOOK', 'SYNC')),
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (org_id, message_id, id),
  FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id)
);
SELECT protect_tenant_table('message_status_events');
GRANT SELECT, INSERT ON message_status_events TO switchboard_tenant;

-- One try to hand a message to the carrier, committed before the first byte goes out. `nonce` travels in the callback's
-- URL and so ties a callback to the attempt even when the carrier's answer was lost.
CREATE TABLE message_attempts (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  message_id uuid NOT NULL,
  number int NOT NULL CHECK (number > 0),
  nonce text NOT NULL,
  state text NOT NULL CHECK (state IN ('SENDING', 'ACCEPTED', 'FAILED', 'NOT_SENT', 'IN_DOUBT')),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  deadline timestamptz NOT NULL,
  finished_at timestamptz,
  reason text,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, nonce),
  UNIQUE (org_id, message_id, number),
  FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id)
);
SELECT protect_tenant_table('message_attempts');
GRANT SELECT, INSERT ON message_attempts TO switchboard_tenant;
GRANT UPDATE (state, finished_at, reason) ON message_attempts TO switchboard_tenant;

-- The same key and input answer with the same message; the same key with other input is an error.
CREATE TABLE idempotency_keys (
  org_id uuid NOT NULL REFERENCES organizations (id),
  operation text NOT NULL,
  idempotency_key text NOT NULL CHECK (char_length(idempotency_key) BETWEEN 1 AND 255),
  input_hash bytea NOT NULL,
  subject_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, operation, idempotency_key)
);
SELECT protect_tenant_table('idempotency_keys');
GRANT SELECT, INSERT ON idempotency_keys TO switchboard_tenant;

-- What has been handled already, by the signed ids inside a webhook, never by an unsigned header.
CREATE TABLE webhook_receipts (
  org_id uuid NOT NULL REFERENCES organizations (id),
  signed_key text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, signed_key)
);
SELECT protect_tenant_table('webhook_receipts');
GRANT SELECT, INSERT ON webhook_receipts TO switchboard_tenant;
