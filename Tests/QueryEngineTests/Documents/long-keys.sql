-- query
--   messages: MessageConnection!: page of messages, ordered by created_at DESC
--     first 1
--     nodes: nodes
--       aKeyThatIsLongerThanSixtyThreeBytesSoThatPostgresWouldCutItDownToTheSame1: id as msg_…
--       aKeyThatIsLongerThanSixtyThreeBytesSoThatPostgresWouldCutItDownToTheSame2: body
--       contact: row of contacts by contact_id
--         aKeyThatIsLongerThanSixtyThreeBytesSoThatPostgresWouldCutItDownToTheSame3: phone
--     aConnectionPartWhoseKeyIsLongerThanSixtyThreeBytesWouldBeCutDownToTheSame1: totalCount
--     aConnectionPartWhoseKeyIsLongerThanSixtyThreeBytesWouldBeCutDownToTheSame2: pageInfo hasNextPage
--   aRootFieldWhoseKeyIsLongerThanSixtyThreeBytesAndWouldBeCutDownToTheSameBytes1: ContactConnection!: page of contacts, ordered by created_at DESC
--     first 50
--     totalCount: totalCount
--   aRootFieldWhoseKeyIsLongerThanSixtyThreeBytesAndWouldBeCutDownToTheSameBytes2: PhoneNumberConnection!: page of phone_numbers, ordered by created_at ASC
--     first 50
--     totalCount: totalCount
-- arguments #0: Query.messages, constant
-- arguments #1: Query.contacts, constant
-- arguments #2: Query.phoneNumbers, constant
-- cost 6

-- as switchboard_tenant
SELECT (SELECT json_build_object('nodes', a.j0, 'aConnectionPartWhoseKeyIsLongerThanSixtyThreeBytesWouldBeCutDownToTheSame1', (SELECT count(*)::int4 FROM messages t3 WHERE t3.org_id = $1), 'aConnectionPartWhoseKeyIsLongerThanSixtyThreeBytesWouldBeCutDownToTheSame2', (SELECT row_to_json(r$) FROM (SELECT a.more AS "hasNextPage") r$)) FROM (SELECT coalesce(json_agg(p.j0) FILTER (WHERE p.i <= 1), '[]'::json) AS j0, count(*) > 1 AS more FROM (SELECT json_build_object('aKeyThatIsLongerThanSixtyThreeBytesSoThatPostgresWouldCutItDownToTheSame1', 'msg_' || encode(uuid_send(t1.id), 'hex'), 'aKeyThatIsLongerThanSixtyThreeBytesSoThatPostgresWouldCutItDownToTheSame2', t1.body, 'contact', (SELECT json_build_object('aKeyThatIsLongerThanSixtyThreeBytesSoThatPostgresWouldCutItDownToTheSame3', t2.phone) FROM contacts t2 WHERE t2.org_id = $1 AND t2.id = t1.contact_id)) AS j0, row_number() OVER (ORDER BY t1.created_at DESC, t1.id DESC) AS i FROM (SELECT * FROM messages t1 WHERE t1.org_id = $1 ORDER BY t1.created_at DESC, t1.id DESC LIMIT 2) t1 ORDER BY i) p) a) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM contacts t4 WHERE t4.org_id = $1) AS "totalCount") r$) AS f1,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT count(*)::int4 FROM phone_numbers t5 WHERE t5.org_id = $1) AS "totalCount") r$) AS f2;
-- $1: organization
