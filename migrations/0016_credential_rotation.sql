-- compatible-with: 0015
-- Secrets are rotated: those of a credential by its organization, organization keys and the root key by an operator.
-- `secret_version` names the version that counts; the one before it is kept for webhook signatures until
-- `previous_token_until`. What an operator's rotation may change is the wrapping, column by column.

ALTER TABLE credentials
  ADD COLUMN shared_key_id text CHECK (char_length(shared_key_id) BETWEEN 1 AND 64),
  ADD COLUMN secret_version int NOT NULL DEFAULT 1 CHECK (secret_version > 0),
  ADD COLUMN previous_token_until timestamptz;
GRANT UPDATE (api_key_sid, shared_key_id, secret_hint, secret_version, previous_token_until) ON credentials
  TO switchboard_vault;

ALTER TABLE sealed_secrets DROP CONSTRAINT sealed_secrets_field_check;
ALTER TABLE sealed_secrets ADD CONSTRAINT sealed_secrets_field_check
  CHECK (field IN ('auth_token', 'api_key_secret', 'shared_key'));
CREATE INDEX sealed_secrets_by_key ON sealed_secrets (org_id, organization_key_id);
GRANT UPDATE (organization_key_id, sealed) ON sealed_secrets TO switchboard_vault;

GRANT UPDATE (state, wrapping_key_id, wrapped), DELETE ON organization_keys TO switchboard_vault;
GRANT UPDATE (wrapping_key_id, wrapped) ON platform_keys TO switchboard_vault;

-- The former token's row is destroyed by a job when its time has come.
GRANT SELECT, INSERT, UPDATE (run_at, run_again) ON jobs TO switchboard_vault;
