-- Fills one organization. psql variables: slug, messages, last (0, or how many organizations to fill: slug-1 … slug-last,
-- each with so many messages). Foreign keys hold by construction and are not checked, which is what takes longest.
SET session_replication_role = replica;
SET synchronous_commit = off;

CREATE TEMP TABLE wanted AS
SELECT coalesce(o.id, gen_random_uuid()) AS org_id, w.slug, o.id IS NULL AS is_new, gen_random_uuid() AS credential_id
FROM (
  SELECT :'slug' AS slug WHERE :last = 0
  UNION ALL
  SELECT :'slug' || '-' || n FROM generate_series(1, :last) n
) w
LEFT JOIN organizations o ON o.slug = w.slug;

INSERT INTO organizations (id, slug, name, created_at)
SELECT org_id, slug, initcap(replace(slug, '-', ' ')), '2026-01-01Z' FROM wanted WHERE is_new;

INSERT INTO credentials (org_id, id, kind, label, status, is_default, account_sid, secret_hint, created_at)
SELECT org_id, credential_id, 'TWILIO', 'Bench', 'UNVERIFIED', false, 'AC' || md5(slug), '', '2026-01-01Z' FROM wanted;

-- A hundredth as many people as messages; +1 500 555 has 10,000 numbers.
CREATE TEMP TABLE people AS
SELECT w.org_id, w.credential_id, n, gen_random_uuid() AS contact_id, gen_random_uuid() AS conversation_id,
       '+1500555' || lpad(n::text, 4, '0') AS phone
FROM wanted w, generate_series(0, least(9999, greatest(1, :messages / 100) - 1)) n;
CREATE INDEX ON people (org_id, n);
ANALYZE people;

INSERT INTO contacts (org_id, id, name, phone, time_zone, created_at)
SELECT org_id, contact_id, 'Patient ' || n, phone, 'America/New_York', timestamptz '2026-01-01Z' + n * interval '1 second'
FROM people;

INSERT INTO conversations (org_id, id, contact_id, unread_count, last_message_at, created_at)
SELECT org_id, conversation_id, contact_id, n % 4,
       timestamptz '2026-02-01Z'
         + (:messages - 1 - (:messages - 1 - n) % (SELECT count(*) FROM people p WHERE p.org_id = people.org_id)::int)
         * interval '1 second',
       '2026-02-01Z'
FROM people;

INSERT INTO messages (org_id, direction, status, from_address, to_address, body, segments, twilio_sid, contact_id,
  conversation_id, credential_id, sent_at, delivered_at, created_at)
SELECT p.org_id,
       CASE WHEN m % 3 = 0 THEN 'INBOUND' ELSE 'OUTBOUND' END,
       CASE WHEN m % 3 = 0 THEN 'RECEIVED' WHEN m % 17 = 0 THEN 'FAILED' ELSE 'DELIVERED' END,
       CASE WHEN m % 3 = 0 THEN p.phone ELSE '+15005550006' END,
       CASE WHEN m % 3 = 0 THEN '+15005550006' ELSE p.phone END,
       'Reminder ' || m || ': your appointment is on Tuesday at 10:30. Reply C to confirm or R to find another time.',
       1, 'SM' || md5(p.org_id::text || m), p.contact_id, p.conversation_id, p.credential_id,
       t, t + interval '2 seconds', t
FROM people p
CROSS JOIN LATERAL generate_series(p.n, :messages - 1, least(10000, greatest(1, :messages / 100))) m
CROSS JOIN LATERAL (SELECT timestamptz '2026-02-01Z' + m * interval '1 second' AS t) at;

DROP TABLE people, wanted;
