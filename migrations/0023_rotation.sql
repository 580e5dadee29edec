-- compatible-with: 0023
-- Which number a message goes out from when nobody says.

ALTER TABLE phone_numbers ADD COLUMN rotation_weight int NOT NULL DEFAULT 1 CHECK (rotation_weight BETWEEN 1 AND 100);
GRANT UPDATE (rotation_weight) ON phone_numbers TO switchboard_tenant;

-- Where a number stands in the rotation: `turn` grows by 1 / weight with each message, and the lowest is next. A number that
-- the carrier refused or filtered several times in a row rests.
CREATE TABLE sender_rotation (
  org_id uuid NOT NULL REFERENCES organizations (id),
  phone_number_id uuid NOT NULL,
  turn double precision NOT NULL DEFAULT 0,
  troubles int NOT NULL DEFAULT 0,
  rests_until timestamptz,
  PRIMARY KEY (org_id, phone_number_id),
  FOREIGN KEY (org_id, phone_number_id) REFERENCES phone_numbers (org_id, id)
);
SELECT protect_tenant_table('sender_rotation');
GRANT SELECT, INSERT, UPDATE (turn, troubles, rests_until) ON sender_rotation TO switchboard_tenant;

-- The number that a contact knows us by.
ALTER TABLE conversations ADD COLUMN phone_number_id uuid;
ALTER TABLE conversations ADD FOREIGN KEY (org_id, phone_number_id) REFERENCES phone_numbers (org_id, id);
GRANT UPDATE (phone_number_id) ON conversations TO switchboard_tenant;

-- A messaging service of Twilio's instead of our own rotation.
ALTER TABLE messaging_accounts ADD COLUMN id uuid NOT NULL GENERATED ALWAYS AS (credential_id) STORED,
  ADD COLUMN messaging_service_sid text CHECK (messaging_service_sid ~ '^MG[0-9a-f]{32}$');
GRANT UPDATE (messaging_service_sid) ON messaging_accounts TO switchboard_tenant;

ALTER TABLE messages
  ADD COLUMN messaging_service_sid text CHECK (messaging_service_sid ~ '^MG[0-9a-f]{32}$'),
  ADD COLUMN sender_choice text NOT NULL DEFAULT 'CALLER' CHECK (sender_choice IN ('CALLER', 'ROTATION', 'SERVICE'));
