-- query
--   first: MessageConnection!: page of messages, ordered by created_at DESC
--     first 1
--     nodes: nodes
--       id: id as msg_…
--       text: body
--       body: body
--   second: MessageConnection!: page of messages, ordered by created_at ASC
--     first 1
--     kind = MessageConnection
--     nodes: nodes
--       id: id as msg_…
--     again: nodes
--       body: body
--   messages: MessageConnection!: page of messages, ordered by created_at DESC
--     first 1
--     nodes: nodes
--       id: id as msg_…
--       body: body
--       contact: row of contacts by contact_id
--         id: id as con_…
--         phone: phone
--   __typename: String! = Query
-- arguments #0: Query.messages, constant
-- arguments #1: Query.messages, constant
-- arguments #2: Query.messages, constant
-- cost 8

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT 'msg_' || encode(uuid_send(t1.id), 'hex') AS "id", t1.body AS "text", t1.body AS "body" FROM messages t1 WHERE t1.org_id = $1 ORDER BY t1.created_at DESC, t1.id DESC LIMIT 1) r$) AS "nodes") r$) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT 'MessageConnection' AS "kind", a.j1 AS "nodes", a.j2 AS "again" FROM (SELECT coalesce(json_agg(p.j1), '[]'::json) AS j1, coalesce(json_agg(p.j2), '[]'::json) AS j2 FROM (SELECT (SELECT row_to_json(r$) FROM (SELECT 'msg_' || encode(uuid_send(t2.id), 'hex') AS "id") r$) AS j1, (SELECT row_to_json(r$) FROM (SELECT t2.body AS "body") r$) AS j2 FROM messages t2 WHERE t2.org_id = $1 ORDER BY t2.created_at, t2.id LIMIT 1) p) a) r$) AS f1,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT 'msg_' || encode(uuid_send(t3.id), 'hex') AS "id", t3.body AS "body", (SELECT row_to_json(r$) FROM (SELECT 'con_' || encode(uuid_send(t4.id), 'hex') AS "id", t4.phone AS "phone" FROM contacts t4 WHERE t4.org_id = $1 AND t4.id = t3.contact_id) r$) AS "contact" FROM messages t3 WHERE t3.org_id = $1 ORDER BY t3.created_at DESC, t3.id DESC LIMIT 1) r$) AS "nodes") r$) AS f2;
-- $1: organization
