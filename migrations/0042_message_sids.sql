-- compatible-with: 0042
-- The SIDs that Twilio gave, each once, and whose they are. A message gets its SID in the moment in which it is accepted:
-- with an index of its own over that column, each acceptance is a new entry in all seven indexes of `messages`.

CREATE TABLE message_sids (
  org_id uuid NOT NULL,
  twilio_sid text NOT NULL,
  message_id uuid NOT NULL,
  PRIMARY KEY (org_id, twilio_sid)
);
SELECT protect_tenant_table('message_sids');
GRANT SELECT, INSERT, DELETE ON message_sids TO switchboard_tenant;
INSERT INTO message_sids (org_id, twilio_sid, message_id)
SELECT org_id, twilio_sid, id FROM messages WHERE twilio_sid IS NOT NULL;
ALTER TABLE messages DROP CONSTRAINT messages_org_id_twilio_sid_key;
