-- subscription
--   messageChanged: Message!, feed of message
--     row of messages where direction EQUALS argument filter.direction of #0 as text and body CONTAINS argument filter.bodyContains of #0 as text
--       id: id as msg_…
--       status: status
--       body: body
--       contact: row of contacts by contact_id
--         name: name
-- arguments #0: Subscription.messageChanged
-- cost 2

-- as switchboard_tenant
SELECT t1.id,
       (SELECT row_to_json(r$) FROM (SELECT 'msg_' || encode(uuid_send(t1.id), 'hex') AS "id", t1.status AS "status", t1.body AS "body", (SELECT row_to_json(r$) FROM (SELECT t2.name AS "name" FROM contacts t2 WHERE t2.org_id = $1 AND t2.id = t1.contact_id) r$) AS "contact") r$)
FROM messages t1 WHERE t1.org_id = $1 AND t1.id = ANY ($2) AND t1.direction = $3 AND strpos(lower(t1.body), lower($4::text)) > 0;
-- $1: organization
-- $2: subjects
-- $3: argument filter.direction of #0 as text
-- $4: argument filter.bodyContains of #0 as text
