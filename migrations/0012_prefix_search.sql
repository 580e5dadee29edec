-- compatible-with: 0011
-- Search by how a text begins. LIKE leaks and so is never an index condition under row-level security; >= and < in the
-- collation "C" do not, and a prefix is a range of that order.

ALTER TABLE contacts ADD COLUMN name_folded text COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED;
CREATE INDEX contacts_by_name ON contacts (org_id, name_folded, id);
CREATE INDEX contacts_by_phone ON contacts (org_id, phone COLLATE "C", id);
