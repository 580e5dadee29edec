import Postgres

/// The SQL of this capability.
enum ContactQueries {
    /// Not where the number is a further one of another contact.
    static let insert = Statement(
        """
        INSERT INTO contacts (org_id, phone, name, time_zone, tags)
        SELECT $1::uuid, $2::text, $3::text, $4::text, $5::text[]
        WHERE NOT EXISTS (SELECT FROM contact_phones p WHERE p.org_id = $1 AND p.phone = $2)
        ON CONFLICT (org_id, phone) DO NOTHING RETURNING id
        """)

    /// The `coalesce` stands in a SELECT of its own: for a table with row-level security PostgreSQL takes it for something that
    /// could tell of rows, and would not use an index by it, but read all contacts of the organization.
    static let lockByPhone = Statement(
        """
        SELECT c.id, c.opted_out FROM contacts c
        WHERE c.org_id = $1 AND c.id = (SELECT coalesce(
          (SELECT p.contact_id FROM contact_phones p WHERE p.org_id = $1 AND p.phone = $2),
          (SELECT k.id FROM contacts k WHERE k.org_id = $1 AND k.phone = $2)))
        FOR NO KEY UPDATE OF c
        """)

    /// A contact that was made while its number went to another one.
    static let removeStray = Statement(
        """
        DELETE FROM contacts c WHERE c.org_id = $1 AND c.phone = $2
          AND EXISTS (SELECT FROM contact_phones p WHERE p.org_id = $1 AND p.phone = $2)
        RETURNING c.id
        """)

    /// The same where it was made by this very transaction: nobody has seen it, and nothing refers to it.
    static let removeOwnStray = Statement(
        """
        DELETE FROM contacts c WHERE c.org_id = $1 AND c.phone = $2 AND c.xmin = pg_current_xact_id()::xid
          AND EXISTS (SELECT FROM contact_phones p WHERE p.org_id = $1 AND p.phone = $2)
        RETURNING c.id
        """)

    /// Each phone is looked up first: a row that is made, checked and then refused costs several times as much, and most of
    /// those who are texted are known. In the order of the phones, so that two that make the same ones do not deadlock.
    static let insertMissing = Statement(
        """
        INSERT INTO contacts (org_id, phone, came_unasked) SELECT $1::uuid, p, $3::boolean FROM unnest($2::text[]) AS p
        WHERE (SELECT k.id FROM contacts k WHERE k.org_id = $1 AND k.phone = p LIMIT 1) IS NULL
          AND (SELECT x.contact_id FROM contact_phones x WHERE x.org_id = $1 AND x.phone = p LIMIT 1) IS NULL
        ORDER BY p ON CONFLICT (org_id, phone) DO NOTHING
        """)

    /// ``removeStray`` of many. Each is looked up by its keys and named by its place, and the planner told that there is but
    /// one: an array of phones is dearer to it than all contacts while their table is small.
    static let removeStrays = Statement(
        """
        WITH strays AS MATERIALIZED (
          SELECT k.place, k.phone, g.phone AS made FROM unnest($2::text[]) AS g (phone)
          CROSS JOIN LATERAL (
            SELECT p.phone FROM contact_phones p WHERE p.org_id = $1 AND p.phone = g.phone LIMIT 1) AS f
          CROSS JOIN LATERAL (
            SELECT s.ctid AS place, s.phone FROM contacts s WHERE s.org_id = $1 AND s.phone = f.phone LIMIT 1) AS k
        )
        DELETE FROM contacts c USING strays s WHERE c.org_id = $1 AND c.ctid = s.place AND s.phone = s.made
        """)

    /// The contacts of the phones `$2` that are there and that nobody else has locked, nor their conversations. They are named
    /// by an array of their keys, and not joined: a plan that was made while the tables were empty would read all of them.
    static let lockKnown = Statement(
        """
        WITH locked AS MATERIALIZED (
          SELECT c.id FROM contacts c
          WHERE c.org_id = $1 AND c.id = ANY (ARRAY(
            SELECT coalesce(
              (SELECT p.contact_id FROM contact_phones p WHERE p.org_id = $1 AND p.phone = g.phone),
              (SELECT k.id FROM contacts k WHERE k.org_id = $1 AND k.phone = g.phone))
            FROM unnest($2::text[]) AS g (phone)))
          FOR NO KEY UPDATE OF c SKIP LOCKED
        ), talking AS MATERIALIZED (
          SELECT v.contact_id FROM conversations v
          WHERE v.org_id = $1 AND v.contact_id = ANY (ARRAY(SELECT l.id FROM locked l))
        ), free AS MATERIALIZED (
          SELECT v.contact_id FROM conversations v
          WHERE v.org_id = $1 AND v.contact_id = ANY (ARRAY(SELECT t.contact_id FROM talking t))
          FOR NO KEY UPDATE OF v SKIP LOCKED
        )
        SELECT l.id FROM locked l
        WHERE l.id <> ALL (ARRAY(SELECT t.contact_id FROM talking t)) OR l.id = ANY (ARRAY(SELECT f.contact_id FROM free f))
        """)

    /// With their entries in the change feed, in the one round trip: `$2` contacts, each once, `$3` how many unread ones come
    /// to each, `$4` the numbers of ours that they wrote to, which stay where there is none (''). In the order of the
    /// contacts, so that two that join the same ones do not deadlock.
    static let joinConversations = Statement(
        """
        WITH joined AS (
          INSERT INTO conversations (org_id, contact_id, last_message_at, unread_count, phone_number_id)
          SELECT $1::uuid, g.contact_id, $5::timestamptz, g.unread, nullif(g.number, '')::uuid
          FROM unnest($2::uuid[], $3::bigint[], $4::text[]) AS g (contact_id, unread, number) ORDER BY g.contact_id
          ON CONFLICT (org_id, contact_id) DO UPDATE
            SET last_message_at = greatest(conversations.last_message_at, excluded.last_message_at),
                unread_count = conversations.unread_count + excluded.unread_count,
                phone_number_id = coalesce(excluded.phone_number_id, conversations.phone_number_id)
          RETURNING id
        ), noted AS (
          INSERT INTO changes (org_id, kind, subject_id) SELECT $1, 'conversation', id FROM joined
        )
        SELECT id FROM joined
        """)

    static let markUnasked = Statement("UPDATE contacts SET came_unasked = true WHERE org_id = $1 AND id = $2")

    // MARK: Details

    /// `$3`, `$5` and `$7` say what is given.
    static let update = Statement(
        """
        UPDATE contacts SET name = CASE WHEN $3::boolean THEN $4::text ELSE name END,
          time_zone = CASE WHEN $5::boolean THEN $6::text ELSE time_zone END,
          tags = CASE WHEN $7::boolean THEN $8::text[] ELSE tags END
        WHERE org_id = $1 AND id = $2 RETURNING id
        """)

    static let lockMany = Statement(
        "SELECT id FROM contacts WHERE org_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE")

    static let wouldHaveTooManyTags = Statement(
        """
        SELECT id FROM contacts WHERE org_id = $1 AND id = ANY ($2::uuid[])
          AND (SELECT count(DISTINCT t) FROM unnest(tags || $3::text[]) t) > 100
        """)

    static let addTags = Statement(
        """
        UPDATE contacts SET tags = ARRAY(SELECT DISTINCT t FROM unnest(tags || $3::text[]) t ORDER BY t)
        WHERE org_id = $1 AND id = ANY ($2::uuid[]) AND NOT tags @> $3::text[] RETURNING id
        """)

    static let removeTags = Statement(
        """
        UPDATE contacts SET tags = ARRAY(SELECT t FROM unnest(tags) t WHERE t <> ALL ($3::text[]) ORDER BY t)
        WHERE org_id = $1 AND id = ANY ($2::uuid[]) AND tags && $3::text[] RETURNING id
        """)

    // MARK: Two that are one: `$2` goes, `$3` stays

    /// As a worker does it: messages first, so that the two do not wait for each other.
    static let lockWaitingMessages = Statement(
        """
        SELECT id FROM messages WHERE org_id = $1 AND contact_id = $2 AND status IN ('QUEUED', 'SENDING')
        ORDER BY id FOR NO KEY UPDATE
        """)

    static let lockBoth = Statement(
        "SELECT id FROM contacts WHERE org_id = $1 AND id IN ($2, $3) ORDER BY id FOR UPDATE")

    static let joinDetails = Statement(
        """
        UPDATE contacts k SET name = coalesce(k.name, f.name), time_zone = coalesce(k.time_zone, f.time_zone),
          tags = (ARRAY(SELECT DISTINCT t FROM unnest(k.tags || f.tags) t ORDER BY t))[1:100],
          other_phones = k.other_phones || f.phone || f.other_phones,
          further_phones = array_to_string(k.other_phones || f.phone || f.other_phones, ' '),
          opted_out_at = least(k.opted_out_at, f.opted_out_at)
        FROM contacts f WHERE k.org_id = $1 AND k.id = $3 AND f.org_id = $1 AND f.id = $2
        """)

    /// Where both have one, the one that stays takes in the other.
    static let mergeConversations = Statement(
        """
        UPDATE conversations k SET unread_count = k.unread_count + f.unread_count,
          last_message_at = greatest(k.last_message_at, f.last_message_at),
          assigned_to = coalesce(k.assigned_to, f.assigned_to)
        FROM conversations f WHERE k.org_id = $1 AND k.contact_id = $3 AND f.org_id = $1 AND f.contact_id = $2
        """)

    static let moveMessages = Statement(
        """
        UPDATE messages SET contact_id = $3, conversation_id = coalesce(
          (SELECT c.id FROM conversations c WHERE c.org_id = $1 AND c.contact_id = $3), conversation_id)
        WHERE org_id = $1 AND contact_id = $2
        """)

    static let removeConversation = Statement(
        """
        DELETE FROM conversations f WHERE f.org_id = $1 AND f.contact_id = $2
          AND EXISTS (SELECT FROM conversations k WHERE k.org_id = $1 AND k.contact_id = $3)
        """)

    static let moveConversation = Statement(
        "UPDATE conversations SET contact_id = $3 WHERE org_id = $1 AND contact_id = $2")

    static let movePhones = Statement(
        "UPDATE contact_phones SET contact_id = $3 WHERE org_id = $1 AND contact_id = $2")

    static let keepPhone = Statement(
        """
        INSERT INTO contact_phones (org_id, phone, contact_id)
        SELECT org_id, phone, $3::uuid FROM contacts WHERE org_id = $1 AND id = $2
        """)

    static let remove = Statement("DELETE FROM contacts WHERE org_id = $1 AND id = $2")

    // MARK: Import: numbers, names, time zones and tags (one text each, by lines), side by side; empty for none

    /// What each number would be: NEW, OTHER than it is, SAME, or FULL of tags. Joined by a `coalesce`, no index would be used
    /// under row-level security; and a part with a LIMIT of its own is a look-up, whatever the planner knows of the table.
    static let compare = Statement(
        """
        SELECT g.phone, CASE
            WHEN c.id IS NULL THEN 'NEW'
            WHEN (SELECT count(DISTINCT t) FROM unnest(c.tags || string_to_array(g.tags, E'\\n')) t) > 100 THEN 'FULL'
            WHEN nullif(g.name, '') <> coalesce(c.name, '') OR nullif(g.time_zone, '') <> coalesce(c.time_zone, '')
              OR NOT c.tags @> string_to_array(g.tags, E'\\n') THEN 'OTHER'
            ELSE 'SAME' END AS what
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS g (phone, name, time_zone, tags)
        LEFT JOIN LATERAL (
          SELECT k.id, k.name, k.time_zone, k.tags FROM contacts k
          WHERE k.org_id = $1 AND k.id = (SELECT coalesce(
            (SELECT p.contact_id FROM contact_phones p WHERE p.org_id = $1 AND p.phone = g.phone),
            (SELECT f.id FROM contacts f WHERE f.org_id = $1 AND f.phone = g.phone)))
          LIMIT 1) AS c ON true
        """)

    static let lockImported = Statement(
        """
        SELECT c.id FROM contacts c WHERE c.org_id = $1 AND c.id = ANY (ARRAY(
          SELECT k.id FROM contacts k WHERE k.org_id = $1 AND k.phone = ANY ($2::text[])
          UNION ALL
          SELECT p.contact_id FROM contact_phones p WHERE p.org_id = $1 AND p.phone = ANY ($2::text[])))
        ORDER BY c.id FOR NO KEY UPDATE OF c
        """)

    /// The contacts are named by an array of their keys besides: joined alone, all of them may be read.
    static let updateImported = Statement(
        """
        WITH given AS MATERIALIZED (
          SELECT g.*, coalesce(
            (SELECT p.contact_id FROM contact_phones p WHERE p.org_id = $1 AND p.phone = g.phone),
            (SELECT k.id FROM contacts k WHERE k.org_id = $1 AND k.phone = g.phone)) AS contact_id
          FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS g (phone, name, time_zone, tags)
        )
        UPDATE contacts c SET name = coalesce(nullif(g.name, ''), c.name),
          time_zone = coalesce(nullif(g.time_zone, ''), c.time_zone),
          tags = ARRAY(SELECT DISTINCT t FROM unnest(c.tags || string_to_array(g.tags, E'\\n')) t ORDER BY t)
        FROM given g
        WHERE c.org_id = $1 AND c.id = ANY (ARRAY(SELECT contact_id FROM given)) AND c.id = g.contact_id
          AND (nullif(g.name, '') <> coalesce(c.name, '') OR nullif(g.time_zone, '') <> coalesce(c.time_zone, '')
            OR NOT c.tags @> string_to_array(g.tags, E'\\n'))
        RETURNING c.id
        """)

    static let insertImported = Statement(
        """
        INSERT INTO contacts (org_id, phone, name, time_zone, tags)
        SELECT $1::uuid, g.phone, nullif(g.name, ''), nullif(g.time_zone, ''), string_to_array(g.tags, E'\\n')
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS g (phone, name, time_zone, tags)
        WHERE NOT EXISTS (SELECT FROM contact_phones p WHERE p.org_id = $1 AND p.phone = g.phone)
        ORDER BY g.phone
        ON CONFLICT (org_id, phone) DO NOTHING RETURNING id
        """)
}
