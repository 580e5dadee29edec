-- query
--   messages: MessageConnection!: page of messages, ordered by created_at DESC
--     last 3
--     nodes: nodes
--       id: id as msg_…
--       createdAt: created_at
--   paged: MessageConnection!: page of messages, ordered by created_at DESC
--     last 3
--     edges: edges
--       node: node
--         id: id as msg_…
--       cursor: cursor
--     pageInfo: pageInfo __typename, hasNextPage, hasPreviousPage, startCursor, endCursor
-- arguments #0: Query.messages, constant
-- arguments #1: Query.messages, constant
-- cost 14

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT 'msg_' || encode(uuid_send(t1.id), 'hex') AS "id", t1.created_at AS "createdAt" FROM (SELECT * FROM messages t1 WHERE t1.org_id = $1 ORDER BY t1.created_at, t1.id LIMIT 3) t1 ORDER BY t1.created_at DESC, t1.id DESC) r$) AS "nodes") r$) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT a.j0 AS "edges", (SELECT row_to_json(r$) FROM (SELECT 'PageInfo' AS "__typename", false AS "hasNextPage", a.more AS "hasPreviousPage", a.c[1] AS "startCursor", a.c[cardinality(a.c)] AS "endCursor") r$) AS "pageInfo" FROM (SELECT coalesce(json_agg(p.j0) FILTER (WHERE p.i <= 3), '[]'::json) AS j0, array_agg(p.c) FILTER (WHERE p.i <= 3) AS c, count(*) > 3 AS more FROM (SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT row_to_json(r$) FROM (SELECT 'msg_' || encode(uuid_send(t2.id), 'hex') AS "id") r$) AS "node", translate(encode(convert_to($2::text || t2.created_at::text || '~' || t2.id::text, 'UTF8'), 'base64'), E'+/=\n', '-_') AS "cursor") r$) AS j0, translate(encode(convert_to($2::text || t2.created_at::text || '~' || t2.id::text, 'UTF8'), 'base64'), E'+/=\n', '-_') AS c, row_number() OVER (ORDER BY t2.created_at, t2.id) AS i FROM (SELECT * FROM messages t2 WHERE t2.org_id = $1 ORDER BY t2.created_at, t2.id LIMIT 4) t2 ORDER BY i DESC) p) a) r$) AS f1;
-- $1: organization
-- $2: cursor mark of Query.messages
