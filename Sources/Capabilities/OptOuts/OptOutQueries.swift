import Postgres

/// The SQL of this capability.
enum OptOutQueries {
    /// Against an attempt that is being begun, and against another opt-out.
    static let lockContact = Statement(
        "SELECT id, phone FROM contacts WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")

    /// Likewise, the contact of the message `$2`.
    static let lockContactOfMessage = Statement(
        """
        SELECT c.id FROM contacts c
        WHERE c.org_id = $1 AND c.id = (SELECT m.contact_id FROM messages m WHERE m.org_id = $1 AND m.id = $2)
        FOR NO KEY UPDATE
        """)

    /// Likewise, those contacts of the messages `$2` that nobody else has locked, once for each message. Each is looked up by
    /// its key, as `AttemptQueries` does it: as a set, all are read by a plan of when there were few.
    static let lockContactsOfMessages = Statement(
        """
        SELECT c.id FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
          SELECT o.contact_id FROM messages o
          WHERE o.org_id = $1 AND o.id >= g.id AND o.id <= g.id ORDER BY o.id LIMIT 1) AS m
        CROSS JOIN LATERAL (
          SELECT k.id FROM contacts k
          WHERE k.org_id = $1 AND k.id >= m.contact_id AND k.id <= m.contact_id ORDER BY k.id LIMIT 1
          FOR NO KEY UPDATE SKIP LOCKED) AS c
        """)

    static let group = Statement("SELECT sender_group FROM phone_numbers WHERE org_id = $1 AND number = $2")

    static let knowsGroup = Statement("SELECT id FROM phone_numbers WHERE org_id = $1 AND sender_group = $2 LIMIT 1")

    /// An entry that holds for `$3` (null: the whole organization) already.
    static let open = Statement(
        """
        SELECT id FROM opt_outs
        WHERE org_id = $1 AND contact_id = $2 AND ended_at IS NULL
          AND (sender_group IS NULL OR sender_group = $3::text)
        ORDER BY sender_group NULLS FIRST LIMIT 1
        """)

    static let insert = Statement(
        """
        INSERT INTO opt_outs (org_id, id, contact_id, phone, sender_group, source, wording, message_id, reason,
          created_at)
        VALUES ($1, $2, $3, $4, $5, $6, left($7, 200), $8, $9, coalesce($10::timestamptz, clock_timestamp()))
        """)

    static let mark = Statement(
        """
        UPDATE contacts SET opted_out_at = coalesce($3::timestamptz, now())
        WHERE org_id = $1 AND id = $2 AND opted_out_at IS NULL
        """)

    static let unmark = Statement(
        """
        UPDATE contacts SET opted_out_at = NULL WHERE org_id = $1 AND id = $2 AND opted_out_at IS NOT NULL
          AND ($3::timestamptz IS NULL OR opted_out_at <= $3)
          AND NOT EXISTS (SELECT FROM opt_outs o WHERE o.org_id = $1 AND o.contact_id = $2 AND o.ended_at IS NULL
            AND o.sender_group IS NULL)
        RETURNING id
        """)

    /// Those for the whole organization and for the group `$3`.
    static let end = Statement(
        """
        UPDATE opt_outs SET ended_at = coalesce($6::timestamptz, clock_timestamp()), end_source = $4, end_reason = $5
        WHERE org_id = $1 AND contact_id = $2 AND ended_at IS NULL AND ($6::timestamptz IS NULL OR created_at <= $6)
          AND (sender_group IS NULL OR sender_group = $3::text)
        RETURNING id
        """)

    static let find = Statement("SELECT contact_id, ended_at FROM opt_outs WHERE org_id = $1 AND id = $2")

    static let endOne = Statement(
        """
        UPDATE opt_outs SET ended_at = clock_timestamp(), end_source = 'MANUAL', end_reason = $3
        WHERE org_id = $1 AND id = $2 AND ended_at IS NULL RETURNING contact_id
        """)

    static let forgetReplies = Statement("DELETE FROM auto_replies WHERE org_id = $1 AND contact_id = $2")

    static let move = Statement("UPDATE opt_outs SET contact_id = $3 WHERE org_id = $1 AND contact_id = $2")

    /// Whether each of the messages `$2` may not go out: an opt-out holds for the organization or for the group of its number,
    /// and it is not what answers the opt-out. Where its number is not known, an opt-out of any group holds. The parts with a
    /// LIMIT of their own are look-ups by the key, whatever the planner knows of the tables.
    static let forbids = Statement(
        """
        SELECT m.id, c.id AS contact_id, c.time_zone, NOT m.answers_opt_out AND (c.opted_out OR EXISTS (
          SELECT FROM opt_outs o WHERE o.org_id = $1 AND o.contact_id = m.contact_id AND o.ended_at IS NULL
            AND (o.sender_group IS NULL OR o.sender_group = coalesce((SELECT n.sender_group FROM phone_numbers n
              WHERE n.org_id = $1 AND n.id = m.phone_number_id), o.sender_group)))) AS forbidden
        FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
          SELECT o.* FROM messages o
          WHERE o.org_id = $1 AND o.id >= g.id AND o.id <= g.id ORDER BY o.id LIMIT 1) AS m
        CROSS JOIN LATERAL (
          SELECT k.id, k.time_zone, k.opted_out FROM contacts k
          WHERE k.org_id = $1 AND k.id >= m.contact_id AND k.id <= m.contact_id ORDER BY k.id LIMIT 1) AS c
        """)

    /// Whether nothing may be sent to a contact from a number, before there is a message.
    static let forbidsSender = Statement(
        """
        SELECT EXISTS (
          SELECT FROM opt_outs o WHERE o.org_id = $1 AND o.contact_id = $2 AND o.ended_at IS NULL
            AND (o.sender_group IS NULL OR o.sender_group = coalesce((SELECT n.sender_group FROM phone_numbers n
              WHERE n.org_id = $1 AND n.id = $3::uuid), o.sender_group))) AS forbidden
        """)

    /// Nothing where the contact has opted out here already: then it was we who held the message back. Nor where they came
    /// back since the attempt was begun: then its answer is old.
    static let ofMessage = Statement(
        """
        SELECT m.contact_id, m.to_address, m.from_address
        FROM messages m JOIN contacts c ON c.org_id = $1 AND c.id = m.contact_id
        WHERE m.org_id = $1 AND m.id = $2 AND NOT c.opted_out
          AND NOT EXISTS (SELECT FROM opt_outs o WHERE o.org_id = $1 AND o.contact_id = m.contact_id
            AND o.ended_at > (SELECT max(t.started_at) FROM message_attempts t
              WHERE t.org_id = $1 AND t.message_id = m.id))
        """)

    static let setGroup = Statement(
        """
        UPDATE phone_numbers SET sender_group = $3
        WHERE org_id = $1 AND id = ANY ($2::uuid[]) RETURNING id
        """)
}
