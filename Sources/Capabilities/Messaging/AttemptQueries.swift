import Postgres

/// The SQL of handing a message over: from the locks under which an attempt is begun to its end.
///
/// Each member of a set is looked up by its key, in a part with a LIMIT of its own. `id = ANY ($2)` is a search for ten keys to
/// a planner that knows a small table, dearer than to read all that the organization has, and so it does until the table is
/// analyzed: 5 ms for each set of 40 at 10,000 messages, and more with each. Nearly every index has the `id`, and while a table
/// fits on a page none is dearer than the key's: two comparisons and the order make the others so. What is to be changed
/// is named by its place (`ctid`), as a join by the key may read all, too; it is locked by then, and what somebody changed between
/// the statement's snapshot and its lock is not found there, and stays as it is. Ten places are again dearer to the planner than
/// a small table, so a comparison outside of the materialized part makes it expect one.
enum AttemptQueries {
    static let lockForSending = Statement(
        "SELECT id FROM messages WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")

    /// Those of `$2` that nobody else has locked.
    static let lockManyForSending = Statement(
        """
        SELECT m.id FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
          SELECT o.id FROM messages o
          WHERE o.org_id = $1 AND o.id >= g.id AND o.id <= g.id ORDER BY o.id LIMIT 1
          FOR NO KEY UPDATE SKIP LOCKED) AS m
        """)

    static let toSend = Statement(
        """
        SELECT m.id, status, from_address, to_address, body, contact_id, conversation_id, credential_id, twilio_sid,
               phone_number_id, messaging_service_sid, sender_choice, respects_quiet_hours,
               (SELECT k.status FROM credentials k WHERE k.org_id = $1 AND k.id = m.credential_id) AS credential_status,
               (SELECT string_agg(d.url, ' ' ORDER BY d.position) FROM message_media d
                WHERE d.org_id = $1 AND d.message_id = m.id) AS media_urls,
               ceil(extract(epoch FROM expires_at - clock_timestamp()))::bigint AS valid_for,
               (extract(epoch FROM scheduled_at - clock_timestamp()) * 1000000)::bigint AS scheduled_in,
               (SELECT b.state FROM bulk_messages b WHERE b.org_id = $1 AND b.id = m.bulk_id) AS bulk_state
        FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
          SELECT o.* FROM messages o
          WHERE o.org_id = $1 AND o.id >= g.id AND o.id <= g.id ORDER BY o.id LIMIT 1) AS m
        """)

    /// Of each message that had any: the attempt that is still open, if any, for how many milliseconds somebody may be at
    /// it, how many there were, and why the last one did not succeed. Each message's are looked up by its key: as a set they
    /// are looked for in the whole table by a plan of when it was small.
    static let attempts = Statement(
        """
        SELECT g.id, a.attempts, a.open, a.under_way_for, a.last_reason
        FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
          SELECT count(*) AS attempts,
                 (array_agg(t.id ORDER BY t.number DESC) FILTER (WHERE t.state = 'SENDING'))[1] AS open,
                 ceil(extract(epoch FROM max(t.deadline) FILTER (WHERE t.state = 'SENDING') - now()) * 1000)::bigint
                   AS under_way_for,
                 (array_agg(t.reason ORDER BY t.number DESC))[1] AS last_reason
          FROM message_attempts t WHERE t.org_id = $1 AND t.message_id = g.id HAVING count(*) > 0) AS a
        """)

    /// `$2` ids, `$3` messages, `$4` numbers, `$5` nonces, `$6` seconds that each may take.
    static let beginAttempts = Statement(
        """
        INSERT INTO message_attempts (org_id, id, message_id, number, nonce, state, deadline)
        SELECT $1::uuid, a.id, a.message_id, a.number, a.nonce, 'SENDING',
               clock_timestamp() + make_interval(secs => $6::double precision)
        FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[]) AS a (id, message_id, number, nonce)
        """)

    static let startSending = Statement(
        """
        WITH open AS MATERIALIZED (
          SELECT m.place, m.status FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
            SELECT o.ctid AS place, o.status FROM messages o
            WHERE o.org_id = $1 AND o.id >= g.id AND o.id <= g.id ORDER BY o.id LIMIT 1) AS m
        )
        UPDATE messages m SET status = 'SENDING' FROM open g
        WHERE m.org_id = $1 AND m.ctid = g.place AND g.status = 'QUEUED'
        """)

    /// What may have changed since the attempt was begun.
    static let secondLook = Statement(
        """
        SELECT m.id, NOT m.answers_opt_out AND (c.opted_out OR EXISTS (
                 SELECT FROM opt_outs o WHERE o.org_id = $1 AND o.contact_id = m.contact_id AND o.ended_at IS NULL
                   AND (o.sender_group IS NULL OR o.sender_group = coalesce((SELECT n.sender_group
                     FROM phone_numbers n WHERE n.org_id = $1 AND n.id = m.phone_number_id), o.sender_group))))
                 AS opted_out,
               k.status = 'VERIFIED' AS is_credential_usable
        FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
          SELECT o.* FROM messages o
          WHERE o.org_id = $1 AND o.id >= g.id AND o.id <= g.id ORDER BY o.id LIMIT 1) AS m
        CROSS JOIN LATERAL (
          SELECT p.opted_out FROM contacts p
          WHERE p.org_id = $1 AND p.id >= m.contact_id AND p.id <= m.contact_id ORDER BY p.id LIMIT 1) AS c
        CROSS JOIN LATERAL (
          SELECT s.status FROM credentials s WHERE s.org_id = $1 AND s.id = m.credential_id LIMIT 1) AS k
        """)

    /// From one of the states `$5`, whose name it answers. The attempt's message is locked.
    static let endAttempt = Statement(
        """
        WITH open AS MATERIALIZED (
          SELECT id, state FROM message_attempts WHERE org_id = $1 AND id = $2 AND state = ANY ($5::text[]) FOR UPDATE
        )
        UPDATE message_attempts a SET state = $3, reason = $4, finished_at = clock_timestamp()
        FROM open o WHERE a.org_id = $1 AND a.id = $2 AND a.id = o.id RETURNING o.state AS former
        """)

    /// From the state `$6` only: the worker's own findings about the attempt it holds.
    static let settle = Statement(
        """
        UPDATE messages SET status = $3, error_code = $4, error_message = $5, turn_lines = 0, turn_at = NULL
        WHERE org_id = $1 AND id = $2 AND status = $6 RETURNING id
        """)

    /// Those of the attempts `$2` that are written down, with at least `$3` seconds left.
    static let underWay = Statement(
        """
        SELECT a.id FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
          SELECT t.id, t.state, t.deadline FROM message_attempts t WHERE t.org_id = $1 AND t.id = g.id LIMIT 1) AS a
        WHERE a.state = 'SENDING' AND a.deadline > clock_timestamp() + make_interval(secs => $3::double precision)
        """)

    /// A queued message that Twilio has all the same.
    static let acknowledge = Statement(
        """
        UPDATE messages SET status = 'ACCEPTED' WHERE org_id = $1 AND id = $2 AND twilio_sid IS NOT NULL
          AND status IN ('QUEUED', 'SENDING') RETURNING id
        """)

    /// Many that are accepted: `$2` attempts, `$3` messages, `$4` the SIDs. A row for each message that was still SENDING by
    /// its attempt, whose SID is no other's, and that nobody else has locked; the attempts of these are closed.
    ///
    /// Attempt and message are looked up by their keys, each for itself: joined, all attempts ever made are read for each set, by
    /// a plan of when there were few.
    static let acceptMany = Statement(
        """
        WITH open AS MATERIALIZED (
          SELECT m.place, m.twilio_sid AS had, g.attempt_id, g.sid
          FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS g (attempt_id, message_id, sid)
          CROSS JOIN LATERAL (
            SELECT t.id FROM message_attempts t
            WHERE t.org_id = $1 AND t.id = g.attempt_id AND t.state = 'SENDING' LIMIT 1) AS a
          CROSS JOIN LATERAL (
            SELECT o.ctid AS place, o.twilio_sid FROM messages o
            WHERE o.org_id = $1 AND o.id >= g.message_id AND o.id <= g.message_id AND o.status = 'SENDING'
            ORDER BY o.id LIMIT 1 FOR UPDATE SKIP LOCKED) AS m
          WHERE (SELECT s.message_id FROM message_sids s
                 WHERE s.org_id = $1 AND s.twilio_sid = g.sid AND s.message_id <> g.message_id LIMIT 1) IS NULL
        ), settled AS (
          UPDATE messages m SET status = 'ACCEPTED', twilio_sid = coalesce(g.had, g.sid), error_code = NULL,
            error_message = NULL, turn_lines = 0, turn_at = NULL
          FROM open g WHERE m.org_id = $1 AND m.ctid = g.place
          RETURNING m.id, g.had, g.sid, g.attempt_id
        ), named AS (
          INSERT INTO message_sids (org_id, twilio_sid, message_id)
          SELECT $1::uuid, s.sid, s.id FROM settled s WHERE s.had IS NULL
        ), closed AS (
          UPDATE message_attempts a SET state = 'ACCEPTED', reason = NULL, finished_at = clock_timestamp()
          FROM settled s WHERE a.org_id = $1 AND a.id = s.attempt_id AND a.state = 'SENDING'
        )
        SELECT id FROM settled
        """)

    /// The row that a sync made of the message `$3` before the attempt of `$2` had its answer: no attempt is its. There is
    /// one at most, and as sub-selects these are lookups, whatever the planner knows of the tables.
    static let dropCopies = Statement(
        """
        WITH copy AS MATERIALIZED (
          SELECT m.id FROM messages m
          WHERE m.org_id = $1 AND m.id <> $2 AND m.direction = 'OUTBOUND'
            AND m.id = (SELECT s.message_id FROM message_sids s WHERE s.org_id = $1 AND s.twilio_sid = $3)
            AND NOT EXISTS (SELECT FROM message_attempts a WHERE a.org_id = $1 AND a.message_id = m.id)
        ), sid AS (
          DELETE FROM message_sids s WHERE s.org_id = $1 AND s.twilio_sid = $3 AND s.message_id = (SELECT id FROM copy)
        ), history AS (
          DELETE FROM message_status_events e WHERE e.org_id = $1 AND e.message_id = (SELECT id FROM copy)
        ), checks AS (
          DELETE FROM message_checks k WHERE k.org_id = $1 AND k.message_id = (SELECT id FROM copy)
        )
        DELETE FROM messages m WHERE m.org_id = $1 AND m.id = (SELECT id FROM copy) RETURNING m.id
        """)

    static let refuseQueued = Statement(
        """
        UPDATE messages SET status = 'FAILED', error_code = $3, error_message = $4
        WHERE org_id = $1 AND id = $2 AND status IN ('QUEUED', 'SCHEDULED') RETURNING id
        """)
}
