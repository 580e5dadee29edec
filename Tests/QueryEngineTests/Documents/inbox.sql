-- query
--   messages: MessageConnection!: page of messages, ordered by created_at DESC
--     first 20
--     nodes: nodes
--       id: id as msg_…
--       body: body
--       status: status
--       direction: direction
--       createdAt: created_at
--       contact: row of contacts by contact_id
--         name: name
--         phone: phone
-- arguments #0: Query.messages, constant
-- cost 41

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT 'msg_' || encode(uuid_send(t1.id), 'hex') AS "id", t1.body AS "body", t1.status AS "status", t1.direction AS "direction", t1.created_at AS "createdAt", (SELECT row_to_json(r$) FROM (SELECT t2.name AS "name", t2.phone AS "phone" FROM contacts t2 WHERE t2.org_id = $1 AND t2.id = t1.contact_id) r$) AS "contact" FROM messages t1 WHERE t1.org_id = $1 ORDER BY t1.created_at DESC, t1.id DESC LIMIT 20) r$) AS "nodes") r$) AS f0;
-- $1: organization
