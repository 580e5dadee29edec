-- query
--   organization: Organization!
--     row of organizations
--       id: id as org_…
--       slug: slug
--       name: name
--       createdAt: created_at
--   syncStatus: SyncStatus!
--     row of sync_status
--       id: id as sync_…
--       state: state
--       numbersFound: numbers_found, 32 bits
--       startedAt: started_at
--   credentials: [Credential!]!: rows of credentials, ordered by created_at ASC
--     id: id as cred_…
--     kind: kind
--     label: label
--     isDefault: is_default
--     lastVerifiedAt: last_verified_at
--     createdAt: created_at
--   phoneNumbers: PhoneNumberConnection!: page of phone_numbers, ordered by created_at ASC
--     first 50
--     nodes: nodes
--       number: number
--       capabilities: of the same row
--         voice: voice
--         mms: mms
--         can: sms
--         __typename = Capabilities
--       monthlyCost: money of monthly_cost_micros, monthly_cost_currency
--   messages: MessageConnection!: page of messages, ordered by created_at ASC
--     first 50
--     nodes: nodes
--       price: money of price_micros, price_currency
--       scheduledAt: scheduled_at
--       errorCode: error_code, 32 bits
--       autoResponse: auto_response
-- arguments #0: Query.phoneNumbers, constant
-- arguments #1: Query.messages, constant
-- cost 155

-- as switchboard_tenant
SELECT (SELECT row_to_json(r$) FROM (SELECT 'org_' || encode(uuid_send(t1.id), 'hex') AS "id", t1.slug AS "slug", t1.name AS "name", t1.created_at AS "createdAt" FROM organizations t1 WHERE t1.id = $1) r$) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT 'sync_' || encode(uuid_send(t2.id), 'hex') AS "id", t2.state AS "state", t2.numbers_found::int4 AS "numbersFound", t2.started_at AS "startedAt" FROM sync_status t2 WHERE t2.org_id = $1) r$) AS f1,
       (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT 'cred_' || encode(uuid_send(t3.id), 'hex') AS "id", t3.kind AS "kind", t3.label AS "label", t3.is_default AS "isDefault", t3.last_verified_at AS "lastVerifiedAt", t3.created_at AS "createdAt" FROM credentials t3 WHERE t3.org_id = $1 ORDER BY t3.created_at, t3.id) r$) AS f2,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t4.number AS "number", (SELECT row_to_json(r$) FROM (SELECT t4.voice AS "voice", t4.mms AS "mms", t4.sms AS "can", 'Capabilities' AS "__typename") r$) AS "capabilities", CASE WHEN t4.monthly_cost_micros IS NOT NULL AND t4.monthly_cost_currency IS NOT NULL THEN (SELECT row_to_json(r$) FROM (SELECT 'Money' AS "__typename", round(t4.monthly_cost_micros * 0.000001, greatest(2, min_scale(t4.monthly_cost_micros * 0.000001)))::text AS "amount", t4.monthly_cost_currency AS "currency") r$) END AS "monthlyCost" FROM phone_numbers t4 WHERE t4.org_id = $1 ORDER BY t4.created_at, t4.id LIMIT 50) r$) AS "nodes") r$) AS f3,
       (SELECT row_to_json(r$) FROM (SELECT (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT CASE WHEN t5.price_micros IS NOT NULL AND t5.price_currency IS NOT NULL THEN (SELECT row_to_json(r$) FROM (SELECT round(t5.price_micros * 0.000001, greatest(2, min_scale(t5.price_micros * 0.000001)))::text AS "amount") r$) END AS "price", t5.scheduled_at AS "scheduledAt", t5.error_code::int4 AS "errorCode", t5.auto_response AS "autoResponse" FROM messages t5 WHERE t5.org_id = $1 ORDER BY t5.created_at, t5.id LIMIT 50) r$) AS "nodes") r$) AS f4;
-- $1: organization
