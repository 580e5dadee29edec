-- query
--   messages: MessageConnection!: page of messages, ordered by created_at DESC
--     first 1
--     totalCount: totalCount
--     pageInfo: pageInfo 
--   contacts: ContactConnection!: page of contacts, ordered by created_at DESC
--     first 1
--     nodes: nodes
--       phone: phone
-- arguments #0: Query.messages, constant
-- arguments #1: Query.contacts, constant
-- cost 4

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM messages t1 WHERE t1.org_id = $1) AS "totalCount", '{}'::json AS "pageInfo") r$) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t2.phone AS "phone" FROM contacts t2 WHERE t2.org_id = $1 ORDER BY t2.created_at DESC, t2.id DESC LIMIT 1) r$) AS "nodes") r$) AS f1;
-- $1: organization
