import Postgres

/// The SQL of what the carrier says of a message, and of doubt while it has said nothing.
enum EvidenceQueries {
    /// `$3` is the credential whose hook was called: only of its own messages may it tell.
    static let messageOfAttempt = Statement(
        """
        SELECT m.id FROM message_attempts a JOIN messages m ON m.org_id = $1 AND m.id = a.message_id
        WHERE a.org_id = $1 AND a.nonce = $2 AND m.credential_id = $3 AND a.twilio_sid IS NULL
        """)

    static let messageOfSID = Statement(
        """
        SELECT m.id FROM messages m
        WHERE m.org_id = $1 AND m.credential_id = $3
          AND m.id = (SELECT s.message_id FROM message_sids s WHERE s.org_id = $1 AND s.twilio_sid = $2)
        """)

    /// `$4` are the states that the evidence may move on from. What the worker noted of a doubt goes with the doubt.
    static let advance = Statement(
        """
        WITH moved AS (
          UPDATE messages SET status = $3, twilio_sid = coalesce(twilio_sid, $5), error_code = $6, error_message = $7,
            sent_at = CASE WHEN $3 IN ('SENT', 'DELIVERED', 'UNDELIVERED') THEN coalesce(sent_at, now()) ELSE sent_at END,
            delivered_at = CASE WHEN $3 = 'DELIVERED' THEN coalesce(delivered_at, now()) ELSE delivered_at END,
            from_address = coalesce(from_address, $8),
            phone_number_id = coalesce(
              phone_number_id, (SELECT n.id FROM phone_numbers n WHERE n.org_id = $1 AND n.number = $8))
          WHERE org_id = $1 AND id = $2 AND status = ANY ($4::text[]) AND (twilio_sid IS NULL OR twilio_sid = $5)
          RETURNING id, twilio_sid, contact_id, credential_id, phone_number_id
        ), named AS (
          INSERT INTO message_sids (org_id, twilio_sid, message_id)
          SELECT $1::uuid, m.twilio_sid, m.id FROM moved m
          WHERE (SELECT s.message_id FROM message_sids s WHERE s.org_id = $1 AND s.twilio_sid = $5) IS DISTINCT FROM m.id
        )
        SELECT contact_id, credential_id, phone_number_id FROM moved
        """)

    /// The same of many that Twilio is known to have, each as `$2`, which is no error: `$3` predecessors, `$4` SIDs, `$5` the
    /// nonces of their attempts, `$6` senders ('' for none), `$7` credentials. Those that somebody else has locked stay. Each
    /// is looked up by its keys, see ``AttemptQueries``.
    static let advanceMany = Statement(
        """
        WITH open AS MATERIALIZED (
          SELECT m.place, m.status, m.twilio_sid, g.sid, g.sender
          FROM unnest($4::text[], $5::text[], $6::text[], $7::uuid[]) AS g (sid, nonce, sender, credential_id)
          CROSS JOIN LATERAL (
            SELECT t.message_id FROM message_attempts t
            WHERE t.org_id = $1 AND t.nonce = g.nonce AND t.twilio_sid IS NULL AND t.state = 'ACCEPTED' LIMIT 1) AS a
          CROSS JOIN LATERAL (
            SELECT o.ctid AS place, o.status, o.twilio_sid FROM messages o
            WHERE o.org_id = $1 AND o.id >= a.message_id AND o.id <= a.message_id AND o.credential_id = g.credential_id
            ORDER BY o.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) AS m
        )
        UPDATE messages m SET status = $2, error_code = NULL, error_message = NULL,
          sent_at = coalesce(m.sent_at, now()),
          delivered_at = CASE WHEN $2 = 'DELIVERED' THEN coalesce(m.delivered_at, now()) ELSE m.delivered_at END,
          from_address = coalesce(m.from_address, nullif(o.sender, '')),
          phone_number_id = coalesce(
            m.phone_number_id, (SELECT n.id FROM phone_numbers n WHERE n.org_id = $1 AND n.number = o.sender))
        FROM open o WHERE m.org_id = $1 AND m.ctid = o.place AND o.twilio_sid = o.sid AND o.status = ANY ($3::text[])
        RETURNING m.id, m.twilio_sid, m.phone_number_id
        """)

    /// What Twilio gave up before anything went out goes back into the queue, while it is valid and still says something.
    /// `$3` its SID.
    static let requeue = Statement(
        """
        WITH requeued AS (
          UPDATE messages SET status = 'QUEUED', twilio_sid = NULL, error_code = NULL, error_message = NULL,
            turn_lines = 0, turn_at = NULL
          WHERE org_id = $1 AND id = $2 AND (twilio_sid IS NULL OR twilio_sid = $3) AND expires_at > now()
            AND redacted_at IS NULL
            AND status IN ('SENDING', 'IN_DOUBT', 'UNKNOWN', 'ACCEPTED')
          RETURNING id
        ), freed AS (
          DELETE FROM message_sids s
          WHERE s.org_id = $1 AND s.twilio_sid = $3 AND s.message_id = (SELECT id FROM requeued)
        )
        SELECT id FROM requeued
        """)

    /// The attempt that the message `$2` is at, with the SID `$3` that it had.
    static let supersedeAttempt = Statement(
        """
        UPDATE message_attempts SET state = 'FAILED', twilio_sid = $3, reason = $4,
          finished_at = coalesce(finished_at, clock_timestamp())
        WHERE org_id = $1 AND message_id = $2
          AND number = (SELECT max(number) FROM message_attempts WHERE org_id = $1 AND message_id = $2)
        RETURNING number
        """)

    static let settleAttemptByEvidence = Statement(
        """
        UPDATE message_attempts SET state = 'ACCEPTED', finished_at = clock_timestamp(), reason = $3
        WHERE org_id = $1 AND message_id = $2 AND state IN ('SENDING', 'IN_DOUBT')
        """)

    // MARK: Doubt

    /// No evidence is to be expected once the message's validity is over, at Twilio too, and a tenth more or two minutes.
    static let inDoubt = Statement(
        """
        SELECT m.status, m.from_address, m.messaging_service_sid, m.to_address, m.body, m.credential_id,
               min(a.started_at) AS started_at, min(a.started_at) < now() - validity - greatest(validity / 10, interval '2 minutes') AS is_past_hope
        FROM messages m JOIN message_attempts a ON a.org_id = $1 AND a.message_id = m.id AND a.state = 'IN_DOUBT'
        CROSS JOIN LATERAL (
          SELECT coalesce(least(m.expires_at - m.created_at, interval '10 hours'), interval '10 hours') AS validity) v
        WHERE m.org_id = $1 AND m.id = $2 AND m.status = 'IN_DOUBT'
        GROUP BY m.org_id, m.id, validity
        """)

    /// Those that are a message's here, or an earlier attempt's. What a sync made of them has no attempt, and is none.
    static let knownSIDs = Statement(
        """
        SELECT s.twilio_sid FROM message_sids s
        WHERE s.org_id = $1 AND s.twilio_sid = ANY ($2::text[])
          AND EXISTS (SELECT FROM message_attempts a WHERE a.org_id = $1 AND a.message_id = s.message_id)
        UNION
        SELECT a.twilio_sid FROM message_attempts a WHERE a.org_id = $1 AND a.message_id = $3
        """)

    /// Whether another message could be the one that Twilio's list shows: the same text between the same two, and
    /// nobody knows under which SID it went out, if it did.
    static let rivals = Statement(
        """
        SELECT EXISTS (
          SELECT FROM messages m JOIN messages o ON o.org_id = $1 AND o.contact_id = m.contact_id
          WHERE m.org_id = $1 AND m.id = $2 AND o.id <> m.id AND o.direction = 'OUTBOUND' AND o.twilio_sid IS NULL
            AND o.status IN ('SENDING', 'IN_DOUBT', 'UNKNOWN') AND o.body = m.body
            AND o.from_address IS NOT DISTINCT FROM m.from_address
        ) AS there_are
        """)

    static let giveUp = Statement(
        """
        UPDATE messages SET status = 'UNKNOWN', error_message = $3
        WHERE org_id = $1 AND id = $2 AND status = 'IN_DOUBT' RETURNING id
        """)

    /// Another message in place of the one-time code `$2` that is UNKNOWN, where the organization wants that. Not of one
    /// that is such another itself.
    static let resend = Statement(
        """
        INSERT INTO messages (org_id, id, direction, status, from_address, to_address, body, segments, contact_id,
          conversation_id, phone_number_id, credential_id, expires_at, messaging_service_sid, sender_choice, template_id,
          template_version_id, one_time_code, resend_of)
        SELECT m.org_id, $3::uuid, 'OUTBOUND', 'QUEUED', m.from_address, m.to_address, m.body, m.segments, m.contact_id,
          m.conversation_id, m.phone_number_id, m.credential_id,
          now() + coalesce(least(m.expires_at - m.created_at, interval '10 hours'), interval '10 hours'),
          m.messaging_service_sid, m.sender_choice, m.template_id, m.template_version_id, true, m.id
        FROM messages m JOIN settings s ON s.org_id = $1
        WHERE m.org_id = $1 AND m.id = $2 AND m.status = 'UNKNOWN' AND m.one_time_code AND m.resend_of IS NULL
          AND m.redacted_at IS NULL AND s.unknown_policy = 'RESEND_ONE_TIME_CODES'
        RETURNING id
        """)
}
