-- compatible-with: 0026
-- Contacts carry tags, and further numbers when two of them turned out to be one person.

ALTER TABLE contacts
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}'
    CHECK (cardinality(tags) <= 100 AND array_position(tags, NULL) IS NULL),
  ADD COLUMN other_phones text[] NOT NULL DEFAULT '{}' CHECK (array_position(other_phones, NULL) IS NULL);
GRANT UPDATE (tags, other_phones), DELETE ON contacts TO switchboard_tenant;

-- Whose a number is that is not the first of its contact: found by it, one for each number.
CREATE TABLE contact_phones (
  org_id uuid NOT NULL,
  phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{7,14}$'),
  contact_id uuid NOT NULL,
  PRIMARY KEY (org_id, phone),
  FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id)
);
CREATE INDEX contact_phones_by_contact ON contact_phones (org_id, contact_id);
SELECT protect_tenant_table('contact_phones');
GRANT SELECT, INSERT, UPDATE (contact_id) ON contact_phones TO switchboard_tenant;

-- A merge moves these from one contact to the other.
GRANT UPDATE (contact_id), DELETE ON conversations TO switchboard_tenant;
GRANT UPDATE (contact_id, conversation_id) ON messages TO switchboard_tenant;
