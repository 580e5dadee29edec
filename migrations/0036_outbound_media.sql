-- compatible-with: 0036
-- Files that go out with messages: by their addresses, at which Twilio fetches them. No copy is kept here. A worker that does
-- not know of them would send the message without.

ALTER TABLE message_media
  ADD COLUMN url text CHECK (char_length(url) <= 2048),
  DROP CONSTRAINT message_media_state_check,
  ADD CONSTRAINT message_media_state_check CHECK (state IN ('PENDING', 'STORED', 'REFUSED', 'REMOVED', 'LINKED')),
  ADD CHECK ((state = 'LINKED') = (url IS NOT NULL));
GRANT UPDATE (url) ON message_media TO switchboard_tenant;

ALTER TABLE bulk_messages ADD COLUMN media_urls text[] NOT NULL DEFAULT '{}' CHECK (cardinality(media_urls) <= 10);
GRANT UPDATE (media_urls) ON bulk_messages TO switchboard_tenant;
