-- mutation
--   createContact: CreateContactPayload!, command createContact
--     contact: Contact
--       row of contacts where id EQUALS subject contact
--         id: id as con_…
--         name: name
--         messages: page of messages by contact_id, ordered by created_at DESC
--           first 5
--           totalCount: totalCount
--     again: Contact
--       row of contacts where id EQUALS subject contact
--         phone: phone
--     userErrors: [UserError!]!, from the command
-- arguments #0: Mutation.createContact
-- arguments #1: Contact.messages, constant
-- cost 4

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT 'con_' || encode(uuid_send(t1.id), 'hex') AS "id", t1.name AS "name", (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM messages t2 WHERE t2.org_id = $1 AND t2.contact_id = t1.id) AS "totalCount") r$) AS "messages" FROM contacts t1 WHERE t1.org_id = $1 AND t1.id = $2) r$) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT t3.phone AS "phone" FROM contacts t3 WHERE t3.org_id = $1 AND t3.id = $2) r$) AS f1;
-- $1: organization
-- $2: subject contact
