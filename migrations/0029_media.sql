-- compatible-with: 0029
-- What came with messages: which files there are, and the files themselves, each once for each organization, by the hash
-- of its bytes. Nothing is fetched from an address that a webhook names.

CREATE TABLE media_contents (
  org_id uuid NOT NULL REFERENCES organizations (id),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  content bytea NOT NULL CHECK (octet_length(content) <= 5242880),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, hash)
);
ALTER TABLE media_contents ALTER COLUMN content SET STORAGE EXTERNAL;
SELECT protect_tenant_table('media_contents');
GRANT SELECT, INSERT, DELETE ON media_contents TO switchboard_tenant;

CREATE TABLE message_media (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  message_id uuid NOT NULL,
  position int NOT NULL CHECK (position >= 0),
  twilio_sid text CHECK (twilio_sid ~ '^ME[0-9a-f]{32}$'),
  content_type text CHECK (char_length(content_type) <= 100),
  state text NOT NULL CHECK (state IN ('PENDING', 'STORED', 'REFUSED', 'REMOVED')),
  reason text,
  size int,
  hash bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, message_id, position),
  FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id),
  FOREIGN KEY (org_id, hash) REFERENCES media_contents (org_id, hash),
  CHECK ((state = 'STORED') = (hash IS NOT NULL))
);
CREATE INDEX message_media_by_hash ON message_media (org_id, hash) WHERE hash IS NOT NULL;
SELECT protect_tenant_table('message_media');
GRANT SELECT, INSERT ON message_media TO switchboard_tenant;
GRANT UPDATE (state, reason, content_type, size, hash) ON message_media TO switchboard_tenant;

-- Conversations are followed live too.
ALTER TABLE changes DROP CONSTRAINT changes_kind_check;
ALTER TABLE changes ADD CONSTRAINT changes_kind_check CHECK (kind IN ('message', 'sync', 'bulk', 'conversation'));
