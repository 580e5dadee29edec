-- compatible-with: 0036
-- What each message cost and nobody needed: checks of foreign keys that others imply, and an index.

-- Implied: a message has a credential, and a conversation a contact, of the same organization.
ALTER TABLE messages DROP CONSTRAINT messages_org_id_fkey;
ALTER TABLE conversations DROP CONSTRAINT conversations_org_id_fkey;

-- A tenant writes these in the transaction that makes or changes the message, whose row it holds there; the policy compares
-- the tenant. Of each message there are eight and more.
ALTER TABLE changes DROP CONSTRAINT changes_org_id_fkey;
ALTER TABLE message_status_events DROP CONSTRAINT message_status_events_org_id_message_id_fkey;
ALTER TABLE message_checks DROP CONSTRAINT message_checks_org_id_message_id_fkey;
ALTER TABLE bulk_recipients DROP CONSTRAINT bulk_recipients_org_id_message_id_fkey;

-- Changes are cleared away in the order of the feed, which is that of time but for the length of a transaction.
DROP INDEX changes_by_time;
