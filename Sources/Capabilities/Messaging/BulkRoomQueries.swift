import Postgres

/// The SQL of what stands in a bulk's way.
enum BulkRoomQueries {
    static let ownNumber = Statement(
        """
        SELECT number, coalesce(segments_per_second, CASE number_type WHEN 'TOLL_FREE' THEN 3 ELSE 1 END) AS rate
        FROM phone_numbers WHERE org_id = $1 AND id = $2
        """)

    /// The rate of each number of `$2`; 0 is no limit.
    static let rates = Statement(
        """
        SELECT id, coalesce(segments_per_second, CASE number_type WHEN 'TOLL_FREE' THEN 3 ELSE 1 END) AS rate
        FROM phone_numbers WHERE org_id = $1 AND id = ANY ($2::uuid[])
        """)

    /// For each of the lines `$4` of the credential `$3` (senders, and '' for the account): how many messages of it wait in
    /// the queue to go out within `$5` seconds, go out just now, or wait to be tried again; how many seconds the line is
    /// long, and by how much it goes slower than its rate. `due` is how many messages of the organization were looked at, of
    /// each sort at most `$6`. With no more than `$7` of these nobody asks whose they are (`is_told_apart`): each would be looked
    /// up. Messages that are scheduled for later, or held back by quiet hours, are in nobody's way, and
    /// are not read.
    ///
    /// Each sort is in the order of the index that it is to be found by, and each message is looked up by its key: a plan
    /// that was made while the queue was empty would read all that wait otherwise.
    static let standing = Statement(
        """
        WITH due AS MATERIALIZED (
          (SELECT subject_id FROM jobs
           WHERE kind = $2 AND org_id = $1 AND state = 'AVAILABLE' AND run_at <= now() + make_interval(secs => $5::bigint)
           ORDER BY run_at LIMIT $6::bigint)
          UNION ALL
          (SELECT subject_id FROM jobs
           WHERE kind = $2 AND org_id = $1 AND state = 'AVAILABLE' AND attempt > 0
             AND run_at > now() + make_interval(secs => $5::bigint)
           ORDER BY attempt LIMIT $6::bigint)
          UNION ALL
          (SELECT subject_id FROM jobs
           WHERE state = 'RUNNING' AND lease_until > '-infinity' AND kind = $2 AND org_id = $1
           ORDER BY lease_until LIMIT $6::bigint)
        ), queued AS MATERIALIZED (
          SELECT m.sender, count(*) AS queued FROM due CROSS JOIN LATERAL (
            SELECT coalesce(o.from_address, o.messaging_service_sid) AS sender FROM messages o
            WHERE o.org_id = $1 AND o.id = due.subject_id AND o.credential_id = $3 LIMIT 1) AS m
          WHERE (SELECT count(*) FROM due) > $7::bigint
          GROUP BY m.sender
        )
        SELECT s.sender, coalesce(q.queued, 0) AS queued, (SELECT count(*) FROM due) AS due,
               (SELECT count(*) FROM due) > $7::bigint AS is_told_apart,
               coalesce(extract(epoch FROM greatest(l.next_free_at, now()) - now()), 0) AS seconds,
               greatest(1, coalesce(l.slowness * power(0.5, extract(epoch FROM now() - l.slowed_at) / 300), 1)) AS slowness,
               coalesce((SELECT a.messages_per_second FROM messaging_accounts a
                         WHERE a.org_id = $1 AND a.credential_id = $3), 0) AS messages_per_second
        FROM unnest($4::text[]) AS s (sender)
        LEFT JOIN queued q ON q.sender = s.sender
        LEFT JOIN sender_lanes l ON l.org_id = $1 AND l.credential_id = $3 AND l.sender = s.sender
        """)
}
