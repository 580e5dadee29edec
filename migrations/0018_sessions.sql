-- compatible-with: 0015
-- Who is signed in. A session is a family of refresh tokens: each is used once, and one that comes back ends the session.

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sessions_by_user ON sessions (user_id);
GRANT SELECT, INSERT, UPDATE (expires_at, ended_at), DELETE ON sessions TO switchboard_edge;
GRANT SELECT (user_id, ended_at), UPDATE (ended_at) ON sessions TO switchboard_platform;

-- Keyed hashes, never the tokens.
CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
GRANT SELECT, INSERT, UPDATE (used_at) ON refresh_tokens TO switchboard_edge;

CREATE TABLE password_resets (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  user_id uuid NOT NULL REFERENCES users (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX password_resets_by_user ON password_resets (user_id);
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON password_resets TO switchboard_edge;
GRANT INSERT ON password_resets TO switchboard_platform;

-- How often somebody may try, as all nodes see it. A bucket is a keyed hash, so that no address or e-mail stands here.
CREATE TABLE rate_limits (
  bucket bytea PRIMARY KEY CHECK (octet_length(bucket) = 32),
  -- When everything that was taken will have been given back.
  full_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE (full_at), DELETE ON rate_limits TO switchboard_edge;
