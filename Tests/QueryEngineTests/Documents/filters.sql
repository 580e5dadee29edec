-- query
--   messages: MessageConnection!: page of messages, ordered by created_at DESC
--     first 50
--     where direction EQUALS argument filter.direction of #0 as text
--     where status IN argument filter.status of #0 as text[]
--     where contact_id EQUALS argument filter.contactId of #0 as con_… to uuid
--     where created_at GREATER_OR_EQUAL argument filter.createdAfter of #0 as timestamptz
--     where body CONTAINS argument filter.bodyContains of #0 as text
--     totalCount: totalCount
--     nodes: nodes
--       id: id as msg_…
--   contacts: ContactConnection!: page of contacts, ordered by created_at DESC
--     first 50
--     where name CONTAINS argument filter.nameContains of #1 as text
--     where opted_out EQUALS argument filter.optedOut of #1 as bool
--     nodes: nodes
--       name: name
--   everyone: ContactConnection!: page of contacts, ordered by created_at DESC
--     first 50
--     totalCount: totalCount
-- arguments #0: Query.messages
-- arguments #1: Query.contacts, constant
-- arguments #2: Query.contacts
-- cost 103

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM messages t1 WHERE t1.org_id = $1 AND t1.direction = $2 AND t1.status = ANY ($3) AND t1.contact_id = $4 AND t1.created_at >= $5 AND strpos(lower(t1.body), lower($6::text)) > 0) AS "totalCount", (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT 'msg_' || encode(uuid_send(t2.id), 'hex') AS "id" FROM messages t2 WHERE t2.org_id = $1 AND t2.direction = $2 AND t2.status = ANY ($3) AND t2.contact_id = $4 AND t2.created_at >= $5 AND strpos(lower(t2.body), lower($6::text)) > 0 ORDER BY t2.created_at DESC, t2.id DESC LIMIT 50) r$) AS "nodes") r$) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t3.name AS "name" FROM contacts t3 WHERE t3.org_id = $1 AND strpos(lower(t3.name), lower($7::text)) > 0 AND t3.opted_out = $8 ORDER BY t3.created_at DESC, t3.id DESC LIMIT 50) r$) AS "nodes") r$) AS f1,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM contacts t4 WHERE t4.org_id = $1) AS "totalCount") r$) AS f2;
-- $1: organization
-- $2: argument filter.direction of #0 as text
-- $3: argument filter.status of #0 as text[]
-- $4: argument filter.contactId of #0 as con_… to uuid
-- $5: argument filter.createdAfter of #0 as timestamptz
-- $6: argument filter.bodyContains of #0 as text
-- $7: argument filter.nameContains of #1 as text
-- $8: argument filter.optedOut of #1 as bool
