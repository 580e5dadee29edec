-- compatible-with: 0020
-- How fast each sender and each account may go. One row of `sender_lanes` is one line that all nodes stand in: whoever is
-- next takes its place with one UPDATE.

-- Segments a second; null is the rate of the number's kind, 0 is no limit.
ALTER TABLE phone_numbers ADD COLUMN segments_per_second double precision
  CHECK (segments_per_second >= 0 AND segments_per_second <= 10000);
GRANT UPDATE (segments_per_second) ON phone_numbers TO switchboard_tenant;

-- `sender` is a number, or '' for the account as a whole. `slowness` is by how much the line goes slower than its rate
-- since `slowed_at`; it halves every five minutes. `slowdowns` counts, so that a place taken before is seen to be void.
CREATE TABLE sender_lanes (
  org_id uuid NOT NULL REFERENCES organizations (id),
  credential_id uuid NOT NULL,
  sender text NOT NULL,
  next_free_at timestamptz NOT NULL DEFAULT '-infinity',
  slowness double precision NOT NULL DEFAULT 1 CHECK (slowness BETWEEN 1 AND 64),
  slowed_at timestamptz,
  slowdowns bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, credential_id, sender),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id)
);
SELECT protect_tenant_table('sender_lanes');
GRANT SELECT, INSERT, UPDATE (next_free_at, slowness, slowed_at, slowdowns) ON sender_lanes TO switchboard_tenant;

-- What an organization says of an account: messages a second, null or 0 is no limit.
CREATE TABLE messaging_accounts (
  org_id uuid NOT NULL REFERENCES organizations (id),
  credential_id uuid NOT NULL,
  messages_per_second double precision CHECK (messages_per_second >= 0 AND messages_per_second <= 10000),
  PRIMARY KEY (org_id, credential_id),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id)
);
SELECT protect_tenant_table('messaging_accounts');
GRANT SELECT, INSERT, UPDATE (messages_per_second) ON messaging_accounts TO switchboard_tenant;

-- A queued message's place in the lines: when its turn is, how many lines it has stood in (1 the sender's, 2 the account's
-- too), and how often the sender had been slowed down when it took the place.
ALTER TABLE messages ADD COLUMN turn_at timestamptz, ADD COLUMN turn_lines smallint NOT NULL DEFAULT 0,
  ADD COLUMN turn_slowdowns bigint;
GRANT UPDATE (turn_at, turn_lines, turn_slowdowns) ON messages TO switchboard_tenant;
