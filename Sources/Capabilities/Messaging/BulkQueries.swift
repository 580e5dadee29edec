import Postgres

/// The SQL of messages to many: whole sets at a time.
enum BulkQueries {
    // MARK: Taking a bulk

    static let insert = Statement(
        """
        INSERT INTO bulk_messages (org_id, id, state, body, variables, credential_id, phone_number_id,
          respects_quiet_hours, valid_for, scheduled_at, total, template_id, template_version_id, media_urls)
        VALUES ($1, $2, 'RUNNING', $3, $4::text::jsonb, $5, $6, $7, $8, $9, 0, $10, $11, $12)
        """)

    /// `$3` positions, `$4` phones, `$5` contacts ('' for none), `$6` variables ('' for none), `$7` and `$8` code and
    /// reason of those that are refused ('' for none), `$9` when. Whoever stands twice in the list is refused the second
    /// time.
    static let insertList = Statement(
        """
        WITH given AS MATERIALIZED (
          SELECT g.position, g.phone, nullif(g.contact, '')::uuid AS contact_id, nullif(g.variables, '')::jsonb AS variables,
                 nullif(g.code, '') AS code, nullif(g.reason, '') AS reason
          FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
            AS g (position, phone, contact, variables, code, reason)
        ), resolved AS (
          SELECT g.position, coalesce(c.phone, g.phone) AS phone, g.variables, g.reason,
                 coalesce(g.code, CASE WHEN g.contact_id IS NOT NULL AND c.id IS NULL THEN 'NOT_FOUND' END) AS code
          FROM given g LEFT JOIN contacts c ON c.org_id = $1 AND c.id = g.contact_id
        ), ranked AS (
          SELECT *, row_number() OVER (PARTITION BY phone, code IS NULL ORDER BY position) AS turn FROM resolved
        )
        INSERT INTO bulk_recipients (org_id, bulk_id, position, phone, variables, due_at, state, error_code, error_message)
        SELECT $1, $2, position, phone, variables, $9,
               CASE WHEN code IS NULL AND turn = 1 THEN 'PENDING' ELSE 'REFUSED' END,
               CASE WHEN code IS NOT NULL THEN code WHEN turn > 1 THEN 'DUPLICATE_RECIPIENT' END,
               CASE WHEN reason IS NOT NULL THEN reason
                    WHEN code IS NOT NULL THEN 'There is no such contact; `contacts` lists those there are.'
                    WHEN turn > 1 THEN 'This number stands in the list before; it gets the text once.' END
        FROM ranked
        """)

    /// The contacts that pass: `$4` how the name begins, `$5` how the number begins, `$6` and `$7` from and until when they
    /// were made, `$8` a tag; null is any. Nobody who has opted out.
    static let insertFiltered = Statement(
        """
        INSERT INTO bulk_recipients (org_id, bulk_id, position, phone, due_at, state)
        SELECT $1::uuid, $2::uuid, row_number() OVER (ORDER BY c.created_at, c.id), c.phone, $3::timestamptz, 'PENDING'
        FROM contacts c
        WHERE c.org_id = $1 AND NOT c.opted_out
          AND ($4::text IS NULL OR starts_with(c.name_folded, lower($4::text)))
          AND ($5::text IS NULL OR starts_with(c.phone, $5::text))
          AND ($8::text IS NULL OR c.tags @> ARRAY[$8::text])
          AND ($6::timestamptz IS NULL OR c.created_at >= $6) AND ($7::timestamptz IS NULL OR c.created_at < $7)
        LIMIT 100001
        """)

    /// Counts what a list has come to, once.
    static let count = Statement(
        """
        UPDATE bulk_messages b SET total = r.total, refused = r.refused
        FROM (SELECT count(*) AS total, count(*) FILTER (WHERE state = 'REFUSED') AS refused
              FROM bulk_recipients WHERE org_id = $1 AND bulk_id = $2) r
        WHERE b.org_id = $1 AND b.id = $2
        RETURNING b.total, b.pending
        """)

    /// Of the contacts that have the recipients' numbers, as their first or as a further one.
    static let zones = Statement(
        """
        SELECT c.time_zone FROM bulk_recipients r JOIN contacts c ON c.org_id = $1 AND c.phone = r.phone
        WHERE r.org_id = $1 AND r.bulk_id = $2 AND c.time_zone IS NOT NULL
        UNION
        SELECT c.time_zone FROM bulk_recipients r
        JOIN contact_phones p ON p.org_id = $1 AND p.phone = r.phone
        JOIN contacts c ON c.org_id = $1 AND c.id = p.contact_id
        WHERE r.org_id = $1 AND r.bulk_id = $2 AND c.time_zone IS NOT NULL
        """)

    /// `$3` time zones, `$4` when it is the wanted time in each.
    static let moveByZone = Statement(
        """
        UPDATE bulk_recipients r SET due_at = z.at
        FROM (
          SELECT k.phone, k.time_zone FROM contacts k WHERE k.org_id = $1
          UNION ALL
          SELECT p.phone, k.time_zone FROM contact_phones p JOIN contacts k ON k.org_id = $1 AND k.id = p.contact_id
          WHERE p.org_id = $1
        ) AS c, unnest($3::text[], $4::text[]::timestamptz[]) AS z (name, at)
        WHERE r.org_id = $1 AND r.bulk_id = $2 AND c.phone = r.phone AND c.time_zone = z.name
        """)

    static let firstDue = Statement(
        """
        SELECT min(due_at) AS due_at FROM bulk_recipients
        WHERE org_id = $1 AND bulk_id = $2 AND state = 'PENDING'
        """)

    // MARK: Feeding

    static let lock = Statement(
        """
        SELECT state, body, variables::text AS variables, credential_id, phone_number_id, respects_quiet_hours, valid_for,
               template_id, template_version_id, array_to_string(media_urls, ' ') AS media_urls, pending, created, reported, created_at < now() - interval '1 day' AS is_old, finished_at IS NOT NULL AS is_finished
        FROM bulk_messages WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE
        """)

    static let due = Statement(
        """
        SELECT id, phone, variables::text AS variables FROM bulk_recipients
        WHERE org_id = $1 AND bulk_id = $2 AND state = 'PENDING' AND due_at <= now()
        ORDER BY due_at, position LIMIT $3::bigint
        """)

    /// Materialized, or else the `coalesce` would be what contacts are looked up by, and under row-level security no index is
    /// used for that. The part with a LIMIT of its own is a look-up by the key; joined, all contacts are read by a plan of when
    /// there were few. In the order of the contacts, so that two that lock the same ones do not deadlock.
    static let lockContacts = Statement(
        """
        WITH given AS MATERIALIZED (
          SELECT g.phone, coalesce(
            (SELECT x.contact_id FROM contact_phones x WHERE x.org_id = $1 AND x.phone = g.phone),
            (SELECT k.id FROM contacts k WHERE k.org_id = $1 AND k.phone = g.phone)) AS contact_id
          FROM unnest($2::text[]) AS g (phone)
        )
        SELECT c.id, g.phone, c.name, c.time_zone, c.opted_out
        FROM (SELECT * FROM given ORDER BY contact_id) AS g CROSS JOIN LATERAL (
          SELECT k.id, k.name, k.time_zone, k.opted_out FROM contacts k
          WHERE k.org_id = $1 AND k.id = g.contact_id LIMIT 1 FOR NO KEY UPDATE) AS c
        """)

    /// The numbers that the contacts `$2` know us by, each looked up by its key.
    static let knownNumbers = Statement(
        """
        SELECT g.contact_id, c.phone_number_id FROM unnest($2::uuid[]) AS g (contact_id) CROSS JOIN LATERAL (
          SELECT k.phone_number_id FROM conversations k
          WHERE k.org_id = $1 AND k.contact_id = g.contact_id AND k.phone_number_id IS NOT NULL LIMIT 1) AS c
        """)

    /// The contacts `$2` are texted at `$3` from the numbers `$4` ('' for none, which leaves the one that they know). In the
    /// order of the contacts, so that two that text the same ones do not deadlock.
    static let joinConversations = Statement(
        """
        INSERT INTO conversations (org_id, contact_id, last_message_at, phone_number_id)
        SELECT $1::uuid, g.contact_id, $3::timestamptz, nullif(g.number, '')::uuid
        FROM unnest($2::uuid[], $4::text[]) AS g (contact_id, number) ORDER BY g.contact_id
        ON CONFLICT (org_id, contact_id) DO UPDATE
          SET last_message_at = greatest(conversations.last_message_at, excluded.last_message_at),
            phone_number_id = coalesce(excluded.phone_number_id, conversations.phone_number_id)
        RETURNING id, contact_id
        """)

    static let insertMessages = Statement(
        """
        INSERT INTO messages (org_id, id, direction, status, from_address, to_address, body, segments, contact_id,
          conversation_id, phone_number_id, credential_id, expires_at, messaging_service_sid, sender_choice, bulk_id,
          respects_quiet_hours, template_id, template_version_id)
        SELECT $1, g.id, 'OUTBOUND', 'QUEUED', nullif(g.sender, ''), g.recipient, g.body, g.segments, g.contact_id,
               g.conversation_id, nullif(g.number, '')::uuid, $11, now() + make_interval(secs => $12::bigint), $13, $14,
               $2, $15, $16, $17
        FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::uuid[], $9::uuid[], $10::text[])
          AS g (id, sender, recipient, body, segments, contact_id, conversation_id, number)
        """)

    static let created = Statement(
        """
        UPDATE bulk_recipients r SET state = 'CREATED', message_id = g.message
        FROM unnest($2::uuid[], $3::uuid[]) AS g (id, message)
        WHERE r.org_id = $1 AND r.id = g.id AND r.state = 'PENDING'
        """)

    static let refused = Statement(
        """
        UPDATE bulk_recipients r SET state = 'REFUSED', error_code = g.code, error_message = g.reason
        FROM unnest($2::uuid[], $3::text[], $4::text[]) AS g (id, code, reason)
        WHERE r.org_id = $1 AND r.id = g.id AND r.state = 'PENDING'
        """)

    static let putOff = Statement(
        """
        UPDATE bulk_recipients r SET due_at = g.at
        FROM unnest($2::uuid[], $3::text[]::timestamptz[]) AS g (id, at)
        WHERE r.org_id = $1 AND r.id = g.id AND r.state = 'PENDING'
        """)

    static let addCounts = Statement(
        "UPDATE bulk_messages SET created = created + $3::int, refused = refused + $4::int WHERE org_id = $1 AND id = $2"
    )

    // MARK: Progress

    /// How many of its messages stand where, as one text, and whether any may still move.
    static let progress = Statement(
        """
        SELECT coalesce(string_agg(status || ' ' || count, ',' ORDER BY status), '') AS report,
               coalesce(sum(count) FILTER (WHERE status IN ('SCHEDULED', 'QUEUED', 'SENDING')), 0) AS waiting,
               coalesce(sum(count) FILTER (WHERE status IN ('ACCEPTED', 'SENT', 'IN_DOUBT')), 0) AS under_way
        FROM (SELECT status, count(*) AS count FROM messages WHERE org_id = $1 AND bulk_id = $2 GROUP BY status) AS counts
        """)

    static let report = Statement(
        """
        UPDATE bulk_messages SET reported = $3::text,
          state = CASE WHEN $4::boolean AND state = 'RUNNING' THEN 'COMPLETED' ELSE state END,
          finished_at = CASE WHEN $4::boolean THEN coalesce(finished_at, now()) ELSE finished_at END
        WHERE org_id = $1 AND id = $2
          AND (reported IS DISTINCT FROM $3::text OR ($4::boolean AND finished_at IS NULL))
        RETURNING id
        """)

    // MARK: Control

    static let pause = Statement(
        "UPDATE bulk_messages SET state = 'PAUSED' WHERE org_id = $1 AND id = $2 AND state = 'RUNNING' RETURNING id")

    static let resume = Statement(
        "UPDATE bulk_messages SET state = 'RUNNING' WHERE org_id = $1 AND id = $2 AND state = 'PAUSED' RETURNING id")

    static let cancel = Statement(
        """
        UPDATE bulk_messages
        SET state = 'CANCELED', finished_at = coalesce(finished_at, now())
        WHERE org_id = $1 AND id = $2 AND state IN ('RUNNING', 'PAUSED') RETURNING id
        """)

    static let addCanceled = Statement(
        "UPDATE bulk_messages SET canceled = canceled + $3::int WHERE org_id = $1 AND id = $2")

    static let cancelRecipients = Statement(
        """
        UPDATE bulk_recipients SET state = 'CANCELED' WHERE org_id = $1 AND bulk_id = $2 AND state = 'PENDING'
        """)

    static let cancelMessages = Statement(
        """
        UPDATE messages SET status = 'CANCELED'
        WHERE org_id = $1 AND bulk_id = $2 AND status IN ('SCHEDULED', 'QUEUED') RETURNING id
        """)

    static let waitingMessages = Statement(
        "SELECT id FROM messages WHERE org_id = $1 AND bulk_id = $2 AND status = 'QUEUED' ORDER BY id")
}
