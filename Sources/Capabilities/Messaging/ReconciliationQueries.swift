import Postgres

/// The SQL of asking for what is overdue.
enum ReconciliationQueries {
    /// From now on the messages `$2`, whose credential is `$4`, are asked for, first after `$3` seconds. Whoever asks has just
    /// made them ACCEPTED or SENT.
    static let watch = Statement(
        """
        INSERT INTO message_checks (org_id, message_id, credential_id, check_at)
        SELECT $1::uuid, m, $4::uuid, clock_timestamp() + make_interval(secs => $3::double precision)
        FROM unnest($2::uuid[]) AS m
        ON CONFLICT (org_id, message_id) DO NOTHING
        """)

    /// Each of the messages `$2` is looked up by its key: see ``AttemptQueries``. One that is put off at this very moment may
    /// stay; whoever asks for it then finds it at its end, and takes it out.
    static let unwatch = Statement(
        """
        WITH there AS MATERIALIZED (
          SELECT k.place, k.message_id, g.id FROM unnest($2::uuid[]) AS g (id) CROSS JOIN LATERAL (
            SELECT o.ctid AS place, o.message_id FROM message_checks o
            WHERE o.org_id = $1 AND o.message_id >= g.id AND o.message_id <= g.id ORDER BY o.message_id LIMIT 1) AS k
        )
        DELETE FROM message_checks c USING there t WHERE c.org_id = $1 AND c.ctid = t.place AND t.message_id = t.id
        """)

    /// Asks for the job of a credential (`$2` kind, `$3` subject), which is there almost always. Its row is not locked
    /// unless it runs just now: everything that the account sends passes here.
    static let ask = Statement(
        """
        WITH made AS (
          INSERT INTO jobs (org_id, kind, subject_id, run_at)
          VALUES ($1, $2, $3, now() + make_interval(secs => $4::double precision))
          ON CONFLICT (kind, org_id, subject_id) DO NOTHING RETURNING id
        )
        UPDATE jobs SET run_again = true
        WHERE org_id = $1 AND kind = $2 AND subject_id = $3 AND state = 'RUNNING' AND NOT run_again
          AND NOT EXISTS (SELECT FROM made)
        """)

    /// Messages of a credential that are overdue, the longest first.
    static let overdue = Statement(
        """
        SELECT k.message_id, k.checks, m.twilio_sid, m.status,
               m.created_at < now() - make_interval(secs => $4::double precision) AS is_past_hope
        FROM message_checks k JOIN messages m ON m.org_id = $1 AND m.id = k.message_id
        WHERE k.org_id = $1 AND k.credential_id = $2 AND k.check_at <= clock_timestamp()
        ORDER BY k.check_at LIMIT $3::bigint
        """)

    static let putOff = Statement(
        """
        UPDATE message_checks
        SET checks = checks + 1, check_at = clock_timestamp() + make_interval(secs => $3::double precision)
        WHERE org_id = $1 AND message_id = $2
        """)

    /// In how many seconds the next of a credential is due; no row when there is none.
    static let next = Statement(
        """
        SELECT greatest(0, ceil(extract(epoch FROM check_at - clock_timestamp())))::bigint AS due_in
        FROM message_checks WHERE org_id = $1 AND credential_id = $2 ORDER BY check_at LIMIT 1
        """)
}
