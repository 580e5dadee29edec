-- query
--   both: MessageConnection!: page of messages, ordered by created_at DESC
--     first 50
--     where ((direction EQUALS argument filter.or.0.direction of #0 as text and created_at LESS argument filter.or.0.createdBefore of #0 as timestamptz) or (body CONTAINS argument filter.or.1.and.0.bodyContains of #0 as text))
--     nodes: nodes
--       segments: segments, 32 bits
--   either: MessageConnection!: page of messages, ordered by created_at DESC
--     first 50
--     where (status IN argument filter.or.0.status of #1 as text[] or (segments GREATER_OR_EQUAL argument filter.or.1.segmentsAtLeast of #1 as int8 and not (direction EQUALS argument filter.or.1.not.direction of #1 as text)))
--     totalCount: totalCount
--     nodes: nodes
--       segments: segments, 32 bits
--   none: MessageConnection!: page of messages, ordered by created_at DESC
--     first 50
--     where false
--     totalCount: totalCount
--   unnamed: ContactConnection!: page of contacts, ordered by created_at DESC
--     first 50
--     where not (name_folded STARTS_WITH argument filter.not.nameStartsWith of #3 as text)
--     nodes: nodes
--       name: name
--       phone: phone
--   near: ContactConnection!: page of contacts, ordered by created_at DESC
--     first 50
--     where name_folded STARTS_WITH argument filter.nameStartsWith of #4 as text
--     where phone STARTS_WITH argument filter.phoneStartsWith of #4 as text
--     nodes: nodes
--       name: name
-- arguments #0: Query.messages
-- arguments #1: Query.messages
-- arguments #2: Query.messages, constant
-- arguments #3: Query.contacts, constant
-- arguments #4: Query.contacts, constant
-- cost 205

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t1.segments::int4 AS "segments" FROM messages t1 WHERE t1.org_id = $1 AND ((t1.direction = $2 AND t1.created_at < $3) OR (strpos(lower(t1.body), lower($4::text)) > 0)) ORDER BY t1.created_at DESC, t1.id DESC LIMIT 50) r$) AS "nodes") r$) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM messages t2 WHERE t2.org_id = $1 AND (t2.status = ANY ($5) OR (t2.segments >= $6 AND (t2.direction = $7) IS NOT TRUE))) AS "totalCount", (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t3.segments::int4 AS "segments" FROM messages t3 WHERE t3.org_id = $1 AND (t3.status = ANY ($5) OR (t3.segments >= $6 AND (t3.direction = $7) IS NOT TRUE)) ORDER BY t3.created_at DESC, t3.id DESC LIMIT 50) r$) AS "nodes") r$) AS f1,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM messages t4 WHERE t4.org_id = $1 AND false) AS "totalCount") r$) AS f2,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t5.name AS "name", t5.phone AS "phone" FROM contacts t5 WHERE t5.org_id = $1 AND ((t5.name_folded COLLATE "C" >= lower($8::text) AND t5.name_folded COLLATE "C" < lower($8::text) || chr(1114111))) IS NOT TRUE ORDER BY t5.created_at DESC, t5.id DESC LIMIT 50) r$) AS "nodes") r$) AS f3,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t6.name AS "name" FROM contacts t6 WHERE t6.org_id = $1 AND (t6.name_folded COLLATE "C" >= lower($9::text) AND t6.name_folded COLLATE "C" < lower($9::text) || chr(1114111)) AND (t6.phone COLLATE "C" >= lower($10::text) AND t6.phone COLLATE "C" < lower($10::text) || chr(1114111)) ORDER BY t6.created_at DESC, t6.id DESC LIMIT 50) r$) AS "nodes") r$) AS f4;
-- $1: organization
-- $2: argument filter.or.0.direction of #0 as text
-- $3: argument filter.or.0.createdBefore of #0 as timestamptz
-- $4: argument filter.or.1.and.0.bodyContains of #0 as text
-- $5: argument filter.or.0.status of #1 as text[]
-- $6: argument filter.or.1.segmentsAtLeast of #1 as int8
-- $7: argument filter.or.1.not.direction of #1 as text
-- $8: argument filter.not.nameStartsWith of #3 as text
-- $9: argument filter.nameStartsWith of #4 as text
-- $10: argument filter.phoneStartsWith of #4 as text
