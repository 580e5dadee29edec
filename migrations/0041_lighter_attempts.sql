-- compatible-with: 0036
-- More of what each message cost and nobody needed.

-- An attempt is begun in the transaction that has locked its message, and a message that waits for one is deleted by nobody:
-- what is deleted is a copy that a sync made, which has been sent. A bulk's recipients and messages are written in the
-- transaction that has made or locked the bulk, and no role may delete one.
ALTER TABLE message_attempts DROP CONSTRAINT message_attempts_org_id_message_id_fkey;
ALTER TABLE messages DROP CONSTRAINT messages_org_id_bulk_id_fkey;
ALTER TABLE bulk_recipients DROP CONSTRAINT bulk_recipients_org_id_bulk_id_fkey;

-- An attempt is written twice, and grows by what became of it: on a page that is half full the second is beside the first,
-- with no entry in any index.
ALTER TABLE message_attempts SET (fillfactor = 45);
