import Postgres

/// The SQL of rates. Times are the database's. No time stands in a DO UPDATE: a line is made first, and then moved.
enum SenderLaneQueries {
    /// How fast the senders of the messages `$2` and their accounts may go (0: no limit), how the lines stand, and whether
    /// the number rests.
    static let pace = Statement(
        """
        SELECT m.id, coalesce(
                 n.segments_per_second,
                 CASE WHEN n.number_type = 'TOLL_FREE' THEN 3 WHEN n.id IS NOT NULL THEN 1
                      WHEN m.from_address ~ '^[0-9]{3,8}$' THEN 100 WHEN m.from_address IS NULL THEN 0 ELSE 10 END
               ) AS segments_per_second,
               coalesce(k.messages_per_second, 0) AS messages_per_second,
               coalesce(l.slowdowns, 0) AS slowdowns,
               l.slowed_at > now() - interval '30 minutes' AS is_sender_slow, a.slowed_at > now() - interval '30 minutes' AS is_account_slow,
               m.segments, m.turn_lines, m.turn_slowdowns,
               EXISTS (SELECT FROM sender_rotation r
                 WHERE r.org_id = $1 AND r.phone_number_id = m.phone_number_id AND r.rests_until > now()) AS is_resting,
               (extract(epoch FROM m.turn_at - clock_timestamp()) * 1000000)::bigint AS turn_in
        FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
          SELECT o.* FROM messages o
          WHERE o.org_id = $1 AND o.id >= g.id AND o.id <= g.id ORDER BY o.id LIMIT 1) AS m
        LEFT JOIN phone_numbers n ON n.org_id = $1 AND n.id = m.phone_number_id
        LEFT JOIN messaging_accounts k ON k.org_id = $1 AND k.credential_id = m.credential_id
        LEFT JOIN sender_lanes l
          ON l.org_id = $1 AND l.credential_id = m.credential_id AND l.sender = coalesce(m.from_address, m.messaging_service_sid)
        LEFT JOIN sender_lanes a ON a.org_id = $1 AND a.credential_id = m.credential_id AND a.sender = ''
        """)

    static let makeLane = Statement(
        """
        INSERT INTO sender_lanes (org_id, credential_id, sender) VALUES ($1, $2, $3)
        ON CONFLICT (org_id, credential_id, sender) DO NOTHING
        """)

    /// Takes the next place of a line: `$4` is for how many seconds, at full speed. Answers in how many microseconds the
    /// turn is.
    static let takePlace = Statement(
        """
        UPDATE sender_lanes
        SET next_free_at = greatest(next_free_at, clock_timestamp()) + make_interval(secs => $4::double precision
          * greatest(1, slowness * power(0.5, coalesce(extract(epoch FROM clock_timestamp() - slowed_at), 0) / 300)))
        WHERE org_id = $1 AND credential_id = $2 AND sender = $3
        RETURNING slowdowns, (extract(epoch FROM next_free_at - clock_timestamp()) * 1000000)::bigint
          - (1000000 * $4::double precision
             * greatest(1, slowness * power(0.5, coalesce(extract(epoch FROM clock_timestamp() - slowed_at), 0) / 300))
            )::bigint AS turn_in
        """)

    /// Keeps a message's place: `$3` microseconds from now, `$4` lines, `$5` the sender's slowdowns.
    static let keepPlace = Statement(
        """
        UPDATE messages SET turn_at = clock_timestamp() + $3::bigint * interval '1 microsecond', turn_lines = $4::smallint,
          turn_slowdowns = $5
        WHERE org_id = $1 AND id = $2
        """)

    /// Halves the speed of a line, and begins it anew after `$4` seconds: whoever had a place takes another. What was
    /// refused together (attempts begun before the line was slowed down) slows it down once. `$5` the attempt.
    static let slowDown = Statement(
        """
        UPDATE sender_lanes
        SET slowness = least(64, 2 * greatest(1, slowness
              * power(0.5, coalesce(extract(epoch FROM clock_timestamp() - slowed_at), 0) / 300))),
            slowed_at = clock_timestamp(), slowdowns = slowdowns + 1,
            next_free_at = clock_timestamp() + make_interval(secs => $4::double precision)
        WHERE org_id = $1 AND credential_id = $2 AND sender = $3
          AND (slowed_at IS NULL OR slowed_at < (
            SELECT started_at FROM message_attempts WHERE org_id = $1 AND id = $5))
        RETURNING slowness
        """)
}
