-- compatible-with: 0009
-- The phone numbers of an organization's Twilio accounts.

CREATE TABLE phone_numbers (
  org_id uuid NOT NULL REFERENCES organizations (id),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  credential_id uuid NOT NULL,
  number text NOT NULL CHECK (number ~ '^\+[1-9][0-9]{7,14}$'),
  display_name text NOT NULL,
  country_code text NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
  number_type text NOT NULL CHECK (number_type IN ('LOCAL', 'TOLL_FREE', 'MOBILE')),
  twilio_sid text CHECK (twilio_sid ~ '^PN[0-9a-f]{32}$'),
  voice boolean NOT NULL,
  sms boolean NOT NULL,
  mms boolean NOT NULL,
  rotation_enabled boolean NOT NULL DEFAULT true,
  is_primary boolean NOT NULL DEFAULT false,
  is_active boolean NOT NULL DEFAULT true,
  monthly_cost_micros bigint,
  monthly_cost_currency text CHECK (monthly_cost_currency ~ '^[A-Z]{3}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, number),
  UNIQUE (org_id, twilio_sid),
  FOREIGN KEY (org_id, credential_id) REFERENCES credentials (org_id, id)
);
CREATE INDEX phone_numbers_by_time ON phone_numbers (org_id, created_at, id);
CREATE UNIQUE INDEX phone_numbers_one_primary ON phone_numbers (org_id) WHERE is_primary;
SELECT protect_tenant_table('phone_numbers');
GRANT SELECT, INSERT ON phone_numbers TO switchboard_tenant;
GRANT UPDATE (credential_id, display_name, twilio_sid, voice, sms, mms, rotation_enabled, is_primary, is_active,
  monthly_cost_micros, monthly_cost_currency) ON phone_numbers TO switchboard_tenant;
