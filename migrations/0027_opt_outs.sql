-- compatible-with: 0027
-- The register of who asked not to be texted: when, how, in which words, and how it ended. A contact's own `opted_out_at`
-- is set while there is an open entry for the whole organization; an entry with a group is about the numbers of that group
-- alone. Whoever changes either holds the contact's row, which an attempt to send holds too.

ALTER TABLE phone_numbers ADD COLUMN sender_group text NOT NULL DEFAULT 'main'
  CHECK (char_length(sender_group) BETWEEN 1 AND 50);
GRANT UPDATE (sender_group) ON phone_numbers TO switchboard_tenant;

-- What confirms an opt-out goes to one who has just opted out.
ALTER TABLE messages ADD COLUMN answers_opt_out boolean NOT NULL DEFAULT false;

CREATE TABLE opt_outs (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  contact_id uuid NOT NULL,
  phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{7,14}$'),
  sender_group text,
  source text NOT NULL CHECK (source IN ('KEYWORD', 'WORDING', 'CARRIER', 'MANUAL')),
  wording text CHECK (char_length(wording) <= 200),
  message_id uuid,
  reason text CHECK (char_length(reason) <= 500),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  end_source text CHECK (end_source IN ('KEYWORD', 'WORDING', 'CARRIER', 'MANUAL')),
  end_reason text CHECK (char_length(end_reason) <= 500),
  state text NOT NULL GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN 'OPEN' ELSE 'ENDED' END) STORED,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id),
  FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id),
  CHECK ((ended_at IS NULL) = (end_source IS NULL))
);
CREATE INDEX opt_outs_by_time ON opt_outs (org_id, created_at, id);
CREATE INDEX opt_outs_by_contact ON opt_outs (org_id, contact_id, created_at, id);
CREATE INDEX opt_outs_open ON opt_outs (org_id, contact_id) WHERE ended_at IS NULL;
SELECT protect_tenant_table('opt_outs');
GRANT SELECT, INSERT ON opt_outs TO switchboard_tenant;
GRANT UPDATE (contact_id, ended_at, end_source, end_reason) ON opt_outs TO switchboard_tenant;

INSERT INTO opt_outs (org_id, contact_id, phone, source, reason, created_at)
SELECT org_id, id, phone, 'KEYWORD', 'From before there was a register.', opted_out_at
FROM contacts WHERE opted_out_at IS NOT NULL;

-- What Switchboard answered by itself, so that it answers a contact once a day and kind, whoever or whatever writes.
CREATE TABLE auto_replies (
  org_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('HELP', 'GUIDANCE')),
  day date NOT NULL,
  PRIMARY KEY (org_id, contact_id, kind, day),
  FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id)
);
SELECT protect_tenant_table('auto_replies');
GRANT SELECT, INSERT, DELETE ON auto_replies TO switchboard_tenant;

ALTER TABLE organization_settings
  ADD COLUMN opt_out_scope text NOT NULL DEFAULT 'ORGANIZATION' CHECK (opt_out_scope IN ('ORGANIZATION', 'SENDER_GROUP')),
  ADD COLUMN keyword_replies text NOT NULL DEFAULT 'UNLESS_CARRIER'
    CHECK (keyword_replies IN ('NEVER', 'UNLESS_CARRIER', 'ALWAYS')),
  ADD COLUMN opt_out_reply text,
  ADD COLUMN opt_in_reply text,
  ADD COLUMN help_reply text,
  ADD COLUMN stop_words text[] NOT NULL DEFAULT '{}' CHECK (array_position(stop_words, NULL) IS NULL),
  ADD COLUMN start_words text[] NOT NULL DEFAULT '{}' CHECK (array_position(start_words, NULL) IS NULL),
  ADD COLUMN help_words text[] NOT NULL DEFAULT '{}' CHECK (array_position(help_words, NULL) IS NULL);
GRANT UPDATE (opt_out_scope, keyword_replies, opt_out_reply, opt_in_reply, help_reply, stop_words, start_words, help_words)
  ON organization_settings TO switchboard_tenant;

CREATE OR REPLACE VIEW settings WITH (security_invoker = true) AS
SELECT o.id AS org_id, o.id, s.default_country,
       coalesce(s.opt_out_scope, 'ORGANIZATION') AS opt_out_scope,
       coalesce(s.keyword_replies, 'UNLESS_CARRIER') AS keyword_replies,
       coalesce(s.opt_out_reply, 'You will get no more messages from {organization}. Reply START to get them again.')
         AS opt_out_reply,
       coalesce(s.opt_in_reply, 'You will get messages from {organization} again. Reply STOP to end them.') AS opt_in_reply,
       coalesce(s.help_reply, 'This is {organization}. Reply STOP to get no more messages from us.') AS help_reply,
       coalesce(s.stop_words, '{}') AS stop_words, coalesce(s.start_words, '{}') AS start_words,
       coalesce(s.help_words, '{}') AS help_words, o.name AS organization_name
FROM organizations o
LEFT JOIN organization_settings s ON s.org_id = o.id;
