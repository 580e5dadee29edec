-- compatible-with: 0042
-- Checks of foreign keys for each message, contact and conversation that nobody needed: no role may delete an organization, a
-- number or a credential, and a row with another organization's is seen, sent and paid by nobody, as its policy and its lease
-- ask for the organization too. Contacts and conversations may be deleted, and keep theirs.

ALTER TABLE messages DROP CONSTRAINT messages_org_id_phone_number_id_fkey;
ALTER TABLE messages DROP CONSTRAINT messages_org_id_credential_id_fkey;
ALTER TABLE conversations DROP CONSTRAINT conversations_org_id_phone_number_id_fkey;
ALTER TABLE contacts DROP CONSTRAINT contacts_org_id_fkey;
