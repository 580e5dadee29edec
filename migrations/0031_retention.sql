-- compatible-with: 0029
-- How long an organization keeps what was said. A message that was redacted stays, with its times, status and price, and
-- without its body and files; what Twilio keeps of it is taken away after that, however long that takes.

ALTER TABLE messages
  ADD COLUMN redacted_at timestamptz,
  ADD COLUMN carrier_redaction text CHECK (carrier_redaction IN ('PENDING', 'DONE', 'FAILED')),
  ADD CHECK (carrier_redaction IS NULL OR redacted_at IS NOT NULL);
GRANT UPDATE (body, redacted_at, carrier_redaction) ON messages TO switchboard_tenant;
CREATE INDEX messages_to_redact ON messages (org_id, created_at, id) WHERE redacted_at IS NULL;
CREATE INDEX messages_to_redact_at_carrier ON messages (org_id, id) WHERE carrier_redaction = 'PENDING';

ALTER TABLE organization_settings ADD COLUMN retention_days int CHECK (retention_days BETWEEN 1 AND 3650);
GRANT UPDATE (retention_days) ON organization_settings TO switchboard_tenant;

-- What a bulk was to say goes with its messages.
GRANT UPDATE (body, variables) ON bulk_messages TO switchboard_tenant;
GRANT UPDATE (variables) ON bulk_recipients TO switchboard_tenant;

CREATE OR REPLACE VIEW settings WITH (security_invoker = true) AS
SELECT o.id AS org_id, o.id, s.default_country,
       coalesce(s.opt_out_scope, 'ORGANIZATION') AS opt_out_scope,
       coalesce(s.keyword_replies, 'UNLESS_CARRIER') AS keyword_replies,
       coalesce(s.opt_out_reply, 'You will get no more messages from {organization}. Reply START to get them again.')
         AS opt_out_reply,
       coalesce(s.opt_in_reply, 'You will get messages from {organization} again. Reply STOP to end them.') AS opt_in_reply,
       coalesce(s.help_reply, 'This is {organization}. Reply STOP to get no more messages from us.') AS help_reply,
       coalesce(s.stop_words, '{}') AS stop_words, coalesce(s.start_words, '{}') AS start_words,
       coalesce(s.help_words, '{}') AS help_words, o.name AS organization_name,
       coalesce(s.guidance, false) AS guidance, s.front_desk_phone, s.registration_url, s.time_zone,
       coalesce(s.office_hours, '{}') AS office_hours,
       coalesce(s.unknown_sender_reply,
         'Hello! This is the number of {organization}. We do not know you by this number yet. {register}{call}')
         AS unknown_sender_reply,
       coalesce(s.opted_out_reply,
         'You asked {organization} not to text you, so nobody can answer here. Reply START to get messages again. {call}')
         AS opted_out_reply,
       coalesce(s.outside_hours_reply,
         'Thank you for your message. {organization} is closed now and will read it when it is open: {hours}. {call}')
         AS outside_hours_reply,
       coalesce(s.media_reply, 'We cannot open what you sent to {organization}. Please tell us in words. {call}')
         AS media_reply,
       s.quiet_from, s.quiet_until,
       s.retention_days
FROM organizations o
LEFT JOIN organization_settings s ON s.org_id = o.id;
