-- compatible-with: 0032
-- What Twilio says of an account beside its type: whether it is active, and whom a trial account may text. So a send that
-- Twilio would refuse is refused when it is asked for.

ALTER TABLE credentials
  -- Null where Twilio was not asked, or refused the credential itself.
  ADD COLUMN account_status text CHECK (account_status IN ('ACTIVE', 'SUSPENDED', 'CLOSED')),
  -- When `verified_recipients` was what Twilio listed.
  ADD COLUMN recipients_copied_at timestamptz;
GRANT UPDATE (account_status, recipients_copied_at) ON credentials TO switchboard_vault;

-- A copy of the numbers that are verified in a trial account, its OutgoingCallerIds.
CREATE TABLE verified_recipients (
  org_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{7,14}$'),
  PRIMARY KEY (org_id, credential_id, phone),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id)
);
SELECT protect_tenant_table('verified_recipients');
GRANT SELECT ON verified_recipients TO switchboard_tenant;
GRANT SELECT, INSERT, DELETE ON verified_recipients TO switchboard_vault;
