-- compatible-with: 0032
-- A contact is found by a part of any of its numbers. Binaries of before merge without this copy; such a contact is then
-- found by its further numbers whole, as it was until now.

ALTER TABLE contacts
  ADD COLUMN further_phones text NOT NULL DEFAULT '',
  ADD COLUMN all_phones text NOT NULL GENERATED ALWAYS AS (phone || ' ' || further_phones) STORED;
UPDATE contacts SET further_phones = array_to_string(other_phones, ' ') WHERE other_phones <> '{}';
GRANT UPDATE (further_phones) ON contacts TO switchboard_tenant;
