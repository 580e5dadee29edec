-- query
--   node: Node
--     row of memberships where id EQUALS argument id of #0 as mem_… to uuid
--       __typename = Member
--       id: id as mem_…
--     row of shown_invitations where id EQUALS argument id of #0 as inv_… to uuid
--       __typename = Invitation
--       id: id as inv_…
--     row of api_keys where id EQUALS argument id of #0 as key_… to uuid
--       __typename = ApiKey
--       id: id as key_…
--     row of organizations where id EQUALS argument id of #0 as org_… to uuid
--       __typename = Organization
--       id: id as org_…
--     row of audit_events where id EQUALS argument id of #0 as aud_… to uuid
--       __typename = AuditEvent
--       id: id as aud_…
--     row of credentials where id EQUALS argument id of #0 as cred_… to uuid
--       __typename = Credential
--       id: id as cred_…
--     row of settings where id EQUALS argument id of #0 as set_… to uuid
--       __typename = Settings
--       id: id as set_…
--     row of contacts where id EQUALS argument id of #0 as con_… to uuid
--       __typename = Contact
--       id: id as con_…
--       phone: phone
--     row of conversations where id EQUALS argument id of #0 as conv_… to uuid
--       __typename = Conversation
--       id: id as conv_…
--     row of templates where id EQUALS argument id of #0 as tpl_… to uuid
--       __typename = Template
--       id: id as tpl_…
--     row of opt_outs where id EQUALS argument id of #0 as opt_… to uuid
--       __typename = OptOut
--       id: id as opt_…
--     row of phone_numbers where id EQUALS argument id of #0 as num_… to uuid
--       __typename = PhoneNumber
--       id: id as num_…
--     row of messages where id EQUALS argument id of #0 as msg_… to uuid
--       __typename = Message
--       id: id as msg_…
--       body: body
--       statusEvents: rows of message_status_events by message_id, ordered by id ASC
--         status: status
--         source: source
--         occurredAt: occurred_at
--     row of message_media where id EQUALS argument id of #0 as med_… to uuid
--       __typename = MessageMedia
--       id: id as med_…
--     row of bulk_messages where id EQUALS argument id of #0 as bulk_… to uuid
--       __typename = BulkMessage
--       id: id as bulk_…
--     row of sync_status where id EQUALS argument id of #0 as sync_… to uuid
--       __typename = SyncStatus
--       id: id as sync_…
--   message: Message
--     row of messages where id EQUALS argument id of #1 as msg_… to uuid
--       price: money of price_micros, price_currency
--       phoneNumber: row of phone_numbers by phone_number_id
--         displayName: display_name
-- arguments #0: Query.node
-- arguments #1: Query.message
-- cost 54

-- as switchboard_tenant
SELECT coalesce((SELECT row_to_json(r$) FROM (SELECT 'Member' AS "__typename", 'mem_' || encode(uuid_send(t1.id), 'hex') AS "id" FROM memberships t1 WHERE t1.org_id = $1 AND t1.id = $2) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'Invitation' AS "__typename", 'inv_' || encode(uuid_send(t2.id), 'hex') AS "id" FROM shown_invitations t2 WHERE t2.org_id = $1 AND t2.id = $3) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'ApiKey' AS "__typename", 'key_' || encode(uuid_send(t3.id), 'hex') AS "id" FROM api_keys t3 WHERE t3.org_id = $1 AND t3.id = $4) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'Organization' AS "__typename", 'org_' || encode(uuid_send(t4.id), 'hex') AS "id" FROM organizations t4 WHERE t4.id = $1 AND t4.id = $5) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'AuditEvent' AS "__typename", 'aud_' || encode(uuid_send(t5.id), 'hex') AS "id" FROM audit_events t5 WHERE t5.org_id = $1 AND t5.id = $6) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'Credential' AS "__typename", 'cred_' || encode(uuid_send(t6.id), 'hex') AS "id" FROM credentials t6 WHERE t6.org_id = $1 AND t6.id = $7) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'Settings' AS "__typename", 'set_' || encode(uuid_send(t7.id), 'hex') AS "id" FROM settings t7 WHERE t7.org_id = $1 AND t7.id = $8) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'Contact' AS "__typename", 'con_' || encode(uuid_send(t8.id), 'hex') AS "id", t8.phone AS "phone" FROM contacts t8 WHERE t8.org_id = $1 AND t8.id = $9) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'Conversation' AS "__typename", 'conv_' || encode(uuid_send(t9.id), 'hex') AS "id" FROM conversations t9 WHERE t9.org_id = $1 AND t9.id = $10) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'Template' AS "__typename", 'tpl_' || encode(uuid_send(t10.id), 'hex') AS "id" FROM templates t10 WHERE t10.org_id = $1 AND t10.id = $11) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'OptOut' AS "__typename", 'opt_' || encode(uuid_send(t11.id), 'hex') AS "id" FROM opt_outs t11 WHERE t11.org_id = $1 AND t11.id = $12) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'PhoneNumber' AS "__typename", 'num_' || encode(uuid_send(t12.id), 'hex') AS "id" FROM phone_numbers t12 WHERE t12.org_id = $1 AND t12.id = $13) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'Message' AS "__typename", 'msg_' || encode(uuid_send(t13.id), 'hex') AS "id", t13.body AS "body", (SELECT coalesce(json_agg(r$), '[]'::json) FROM (SELECT t14.status AS "status", t14.source AS "source", t14.occurred_at AS "occurredAt" FROM message_status_events t14 WHERE t14.org_id = $1 AND t14.message_id = t13.id ORDER BY t14.id) r$) AS "statusEvents" FROM messages t13 WHERE t13.org_id = $1 AND t13.id = $14) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'MessageMedia' AS "__typename", 'med_' || encode(uuid_send(t15.id), 'hex') AS "id" FROM message_media t15 WHERE t15.org_id = $1 AND t15.id = $15) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'BulkMessage' AS "__typename", 'bulk_' || encode(uuid_send(t16.id), 'hex') AS "id" FROM bulk_messages t16 WHERE t16.org_id = $1 AND t16.id = $16) r$),
         (SELECT row_to_json(r$) FROM (SELECT 'SyncStatus' AS "__typename", 'sync_' || encode(uuid_send(t17.id), 'hex') AS "id" FROM sync_status t17 WHERE t17.org_id = $1 AND t17.id = $17) r$)) AS f0,
       (SELECT row_to_json(r$) FROM (SELECT CASE WHEN t18.price_micros IS NOT NULL AND t18.price_currency IS NOT NULL THEN (SELECT row_to_json(r$) FROM (SELECT round(t18.price_micros * 0.000001, greatest(2, min_scale(t18.price_micros * 0.000001)))::text AS "amount", t18.price_currency AS "currency") r$) END AS "price", (SELECT row_to_json(r$) FROM (SELECT t19.display_name AS "displayName" FROM phone_numbers t19 WHERE t19.org_id = $1 AND t19.id = t18.phone_number_id) r$) AS "phoneNumber" FROM messages t18 WHERE t18.org_id = $1 AND t18.id = $18) r$) AS f1;
-- $1: organization
-- $2: argument id of #0 as mem_… to uuid
-- $3: argument id of #0 as inv_… to uuid
-- $4: argument id of #0 as key_… to uuid
-- $5: argument id of #0 as org_… to uuid
-- $6: argument id of #0 as aud_… to uuid
-- $7: argument id of #0 as cred_… to uuid
-- $8: argument id of #0 as set_… to uuid
-- $9: argument id of #0 as con_… to uuid
-- $10: argument id of #0 as conv_… to uuid
-- $11: argument id of #0 as tpl_… to uuid
-- $12: argument id of #0 as opt_… to uuid
-- $13: argument id of #0 as num_… to uuid
-- $14: argument id of #0 as msg_… to uuid
-- $15: argument id of #0 as med_… to uuid
-- $16: argument id of #0 as bulk_… to uuid
-- $17: argument id of #0 as sync_… to uuid
-- $18: argument id of #1 as msg_… to uuid
