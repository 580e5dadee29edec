-- compatible-with: 0032
-- What becomes of a message of which Twilio gave no sign while that was to be expected. It is never sent again, but for
-- one-time codes of an organization that wants that: a second one does no harm, and none at all does.

ALTER TABLE organization_settings ADD COLUMN unknown_policy text
  CHECK (unknown_policy IN ('NEVER_RESEND', 'RESEND_ONE_TIME_CODES'));
GRANT UPDATE (unknown_policy) ON organization_settings TO switchboard_tenant;

ALTER TABLE messages
  ADD COLUMN one_time_code boolean NOT NULL DEFAULT false,
  ADD COLUMN resend_of uuid,
  ADD FOREIGN KEY (org_id, resend_of) REFERENCES messages (org_id, id);
-- Once and no more.
CREATE UNIQUE INDEX messages_resent ON messages (org_id, resend_of) WHERE resend_of IS NOT NULL;

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
       s.retention_days, coalesce(s.look_ups, false) AS look_ups,
       coalesce(s.unknown_policy, 'NEVER_RESEND') AS unknown_policy
FROM organizations o
LEFT JOIN organization_settings s ON s.org_id = o.id;
