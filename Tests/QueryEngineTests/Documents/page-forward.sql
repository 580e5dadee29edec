-- query
--   messages: MessageConnection!: page of messages, ordered by created_at ASC
--     first 3
--     totalCount: totalCount
--     edges: edges
--       cursor: cursor
--       node: node
--         id: id as msg_…
--         createdAt: created_at
--     nodes: nodes
--       segments: segments, 32 bits
--     pageInfo: pageInfo hasNextPage, hasPreviousPage, startCursor, endCursor
-- arguments #0: Query.messages, constant
-- cost 13

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM messages t2 WHERE t2.org_id = $1) AS "totalCount", a.j1 AS "edges", a.j2 AS "nodes", (SELECT row_to_json(r$) FROM (SELECT a.more AS "hasNextPage", false AS "hasPreviousPage", a.c[1] AS "startCursor", a.c[cardinality(a.c)] AS "endCursor") r$) AS "pageInfo" FROM (SELECT coalesce(json_agg(p.j1) FILTER (WHERE p.i <= 3), '[]'::json) AS j1, coalesce(json_agg(p.j2) FILTER (WHERE p.i <= 3), '[]'::json) AS j2, array_agg(p.c) FILTER (WHERE p.i <= 3) AS c, count(*) > 3 AS more FROM (SELECT (SELECT row_to_json(r$) FROM (SELECT translate(encode(convert_to($2::text || t1.created_at::text || '~' || t1.id::text, 'UTF8'), 'base64'), E'+/=\n', '-_') AS "cursor", (SELECT row_to_json(r$) FROM (SELECT 'msg_' || encode(uuid_send(t1.id), 'hex') AS "id", t1.created_at AS "createdAt") r$) AS "node") r$) AS j1, (SELECT row_to_json(r$) FROM (SELECT t1.segments::int4 AS "segments") r$) AS j2, translate(encode(convert_to($2::text || t1.created_at::text || '~' || t1.id::text, 'UTF8'), 'base64'), E'+/=\n', '-_') AS c, row_number() OVER (ORDER BY t1.created_at, t1.id) AS i FROM (SELECT * FROM messages t1 WHERE t1.org_id = $1 ORDER BY t1.created_at, t1.id LIMIT 4) t1 ORDER BY i) p) a) r$) AS f0;
-- $1: organization
-- $2: cursor mark of Query.messages
