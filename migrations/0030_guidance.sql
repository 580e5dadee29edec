-- compatible-with: 0029
-- Friendly answers to those who write of themselves: who is not known, and what the organization says to whom. And when it
-- texts nobody unasked: by the recipient's clock, and where that is not known by the organization's.

ALTER TABLE contacts ADD COLUMN came_unasked boolean NOT NULL DEFAULT false;
GRANT UPDATE (came_unasked) ON contacts TO switchboard_tenant;

ALTER TABLE organization_settings
  ADD COLUMN guidance boolean NOT NULL DEFAULT false,
  ADD COLUMN front_desk_phone text CHECK (front_desk_phone ~ '^\+[1-9][0-9]{7,14}$'),
  ADD COLUMN registration_url text CHECK (char_length(registration_url) <= 300),
  ADD COLUMN time_zone text,
  ADD COLUMN office_hours text[] NOT NULL DEFAULT '{}' CHECK (array_position(office_hours, NULL) IS NULL),
  ADD COLUMN unknown_sender_reply text,
  ADD COLUMN opted_out_reply text,
  ADD COLUMN outside_hours_reply text,
  ADD COLUMN media_reply text,
  ADD COLUMN quiet_from text CHECK (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  ADD COLUMN quiet_until text CHECK (quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  ADD CHECK ((quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <> quiet_until);
GRANT UPDATE (guidance, front_desk_phone, registration_url, time_zone, office_hours, unknown_sender_reply, opted_out_reply,
  outside_hours_reply, media_reply, quiet_from, quiet_until) ON organization_settings TO switchboard_tenant;

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
       s.quiet_from, s.quiet_until
FROM organizations o
LEFT JOIN organization_settings s ON s.org_id = o.id;
