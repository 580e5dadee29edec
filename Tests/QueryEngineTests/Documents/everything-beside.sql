-- query
--   __typename: String! = Query
--   viewer: Viewer!, resolver viewer
--   messages: MessageConnection!: page of messages, ordered by created_at DESC
--     first 1
--     nodes: nodes
--       id: id as msg_…
--   __type: __Type, introspection
--   auditEvents: AuditEventConnection!: page of audit_events, ordered by occurred_at DESC
--     last 1
--     nodes: nodes
--       action: action
--       actorId: actor
--       subjectId: subject_id
--       purpose: purpose
-- arguments #1: Query.messages, constant
-- arguments #2: Query.auditEvents, constant
-- cost 6

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT 'msg_' || encode(uuid_send(t1.id), 'hex') AS "id" FROM messages t1 WHERE t1.org_id = $1 ORDER BY t1.created_at DESC, t1.id DESC LIMIT 1) r$) AS "nodes") r$) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t2.action AS "action", t2.actor AS "actorId", t2.subject_id AS "subjectId", t2.purpose AS "purpose" FROM (SELECT * FROM audit_events t2 WHERE t2.org_id = $1 ORDER BY t2.occurred_at, t2.id LIMIT 1) t2 ORDER BY t2.occurred_at DESC, t2.id DESC) r$) AS "nodes") r$) AS f1;
-- $1: organization
