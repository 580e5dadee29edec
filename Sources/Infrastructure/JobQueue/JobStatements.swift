import Postgres

/// All SQL of the queue. Times are the database's, so that the clocks of several nodes need not agree.
///
/// What the statements keep true, for the table `jobs`:
/// - One row per kind, organization and subject. Asking for work that is there already brings it forward.
/// - A RUNNING row has `run_at = 'infinity'`: the neutral element of `least`, so that asking again sets the time at
///   which it is to run again, in the same way in which it brings an AVAILABLE row forward.
/// - Whoever asks locks the row to the end of the asking transaction. So a claim passes the row by until the work that
///   was asked for can be seen, and a finish waits, sees `run_again`, and keeps the row.
/// - Only the claim that leased a row finishes, extends or releases it: by `id` and `lease_owner`.
enum JobStatements {
    /// $1 organization, $2 kind, $3 subjects, $4 when (null: now).
    ///
    /// In the order of the subjects, so that two transactions that ask for the same ones do not deadlock.
    static let enqueue = Statement(
        """
        INSERT INTO jobs (org_id, kind, subject_id, run_at)
        SELECT $1::uuid, $2::text, subject, coalesce($4::timestamptz, now())
        FROM (SELECT DISTINCT unnest($3::uuid[]) AS subject) AS subjects
        ORDER BY subject
        ON CONFLICT (kind, org_id, subject_id)
        DO UPDATE SET run_at = least(jobs.run_at, excluded.run_at), run_again = true
        """)

    /// $1 kind, $2 limit, $3 lease owner, $4 lease in microseconds, $5 the organization served last, $6 organizations of
    /// which the asking process runs some already, $7 how many of each, $8 how many it may run of one.
    ///
    /// Claims go round the organizations: first one job of each, then a second of each; within a round the
    /// organizations that follow the one served last come first. What it costs does not grow with the backlog:
    /// - `head` is the oldest 64 jobs that are due. When it holds fewer, it holds them all.
    /// - `ring` is needed only when it is full. It visits up to 32 organizations that have work, starting behind the
    ///   one served last, each by one descent of the index (kind, org_id, run_at): a loose index scan.
    /// - Of each organization visited, at most as many jobs as are wanted become candidates. It is named by two comparisons,
    ///   and leads the order: by an equality, `jobs_next` would serve as well for a planner that knows an empty table, and
    ///   everybody's jobs would be read for one organization's.
    ///
    /// The candidates are chosen without locks, then locked in order, each by its key, skipping those that another claim
    /// holds. (As a join of both, or with the condition of the partial indexes, a plan that was made while the table was
    /// empty reads all of what waits for each claim: 40 ms instead of 1. For the same reason rows that are known by their
    /// keys are named by an array of them everywhere here, and not joined.)
    ///
    /// `ring_end` is where the next ring begins: the last organization of the ring that was served, else the last that
    /// was visited, so that organizations whose work is not due yet cannot hold it up; null without a ring.
    static let claim = Statement(
        """
        WITH RECURSIVE head AS MATERIALIZED (
            SELECT id, org_id, run_at FROM jobs
            WHERE kind = $1 AND state = 'AVAILABLE' AND run_at <= now()
            ORDER BY run_at LIMIT 64
        ), ring (org_id, lap, visits) AS (
            SELECT $5::uuid, 0, 0 WHERE (SELECT count(*) FROM head) = 64
            UNION ALL
            SELECT next.org_id, next.lap, ring.visits + 1
            FROM ring CROSS JOIN LATERAL (
                SELECT * FROM (
                    (SELECT org_id, ring.lap AS lap FROM jobs
                     WHERE kind = $1 AND state = 'AVAILABLE' AND org_id > ring.org_id
                     ORDER BY org_id LIMIT 1)
                    UNION ALL
                    (SELECT org_id, 1 FROM jobs
                     WHERE ring.lap = 0 AND kind = $1 AND state = 'AVAILABLE'
                     ORDER BY org_id LIMIT 1)
                ) AS either
                WHERE lap = 0 OR org_id <= $5
                ORDER BY lap LIMIT 1
            ) AS next
            WHERE ring.visits < 32
        ), due AS (
            SELECT id, org_id, run_at FROM head
            UNION
            SELECT own.id, own.org_id, own.run_at
            FROM ring CROSS JOIN LATERAL (
                SELECT id, org_id, run_at FROM jobs
                WHERE ring.visits > 0 AND kind = $1 AND state = 'AVAILABLE'
                  AND org_id >= ring.org_id AND org_id <= ring.org_id AND run_at <= now()
                ORDER BY org_id, run_at, id LIMIT $2::bigint
            ) AS own
        ), candidates AS MATERIALIZED (
            SELECT id, org_id, row_number() OVER (PARTITION BY org_id ORDER BY run_at, id) AS turn FROM due
        ), allowed AS MATERIALIZED (
            SELECT candidates.* FROM candidates
                LEFT JOIN unnest($6::uuid[], $7::bigint[]) AS busy (org_id, running) USING (org_id)
            WHERE candidates.turn <= $8::bigint - coalesce(busy.running, 0)
        ), taken AS MATERIALIZED (
            SELECT job.id, ordered.turn
            FROM (SELECT * FROM allowed ORDER BY turn, org_id <= $5, org_id) AS ordered
                CROSS JOIN LATERAL (
                    SELECT id FROM jobs
                    WHERE id = ordered.id AND state <> 'RUNNING' AND run_at <= now()
                    FOR UPDATE SKIP LOCKED
                ) AS job
            LIMIT $2::bigint
        ), claimed AS (
            UPDATE jobs
            SET state = 'RUNNING', run_at = 'infinity', run_again = false, attempt = jobs.attempt + 1,
                lease_owner = $3::uuid, lease_until = now() + $4::bigint * interval '1 microsecond'
            WHERE id = ANY (ARRAY(SELECT id FROM taken))
            RETURNING id, org_id, subject_id, attempt
        )
        SELECT id, org_id, subject_id, attempt,
            coalesce(
                (SELECT ring.org_id FROM ring JOIN claimed ON claimed.org_id = ring.org_id
                 WHERE ring.visits > 0 ORDER BY ring.visits DESC LIMIT 1),
                (SELECT org_id FROM ring ORDER BY visits DESC LIMIT 1)) AS ring_end
        FROM claimed JOIN taken USING (id) ORDER BY turn, org_id <= $5, org_id
        """)

    /// $1 how many at most. Makes jobs available whose worker was lost.
    static let reclaim = Statement(
        """
        WITH lost AS MATERIALIZED (
            SELECT id FROM jobs WHERE state = 'RUNNING' AND lease_until < now()
            ORDER BY lease_until LIMIT $1::bigint
            FOR UPDATE SKIP LOCKED
        )
        UPDATE jobs
        SET state = 'AVAILABLE', run_at = least(jobs.run_at, now()), lease_owner = NULL, lease_until = NULL
        WHERE id = ANY (ARRAY(SELECT id FROM lost))
        RETURNING kind
        """)

    /// $1 kind. How many microseconds until the next job is due: 0 or less when one is due now, no row when none waits.
    static let nextDue = Statement(
        """
        SELECT (extract(epoch FROM run_at - clock_timestamp()) * 1000000)::bigint AS due_in
        FROM jobs WHERE kind = $1 AND state = 'AVAILABLE' AND run_at < 'infinity'
        ORDER BY run_at LIMIT 1
        """)

    /// $1 ids, $2 the lease owner of each, $3 lease in microseconds. One row for each lease that still stands, and
    /// whether it was extended.
    ///
    /// A row that an asking transaction has locked is left for the next time rather than waited for: waiting with other
    /// rows locked could deadlock with that transaction.
    static let extendLeases = Statement(
        """
        WITH open AS MATERIALIZED (
            SELECT id FROM jobs
            WHERE id = ANY ($1::bigint[]) AND lease_owner = ($2::uuid[])[array_position($1::bigint[], id)]
            FOR UPDATE SKIP LOCKED
        ), extended AS (
            UPDATE jobs SET lease_until = now() + $3::bigint * interval '1 microsecond'
            WHERE id = ANY (ARRAY(SELECT id FROM open))
            RETURNING id
        )
        SELECT id, id IN (SELECT id FROM extended) AS extended
        FROM jobs
        WHERE id = ANY ($1::bigint[]) AND lease_owner = ($2::uuid[])[array_position($1::bigint[], id)]
        """)

    /// $1 id, $2 lease owner. One row: how many rows it deleted, and how many it kept because work was asked for.
    ///
    /// The DELETE waits for whoever is asking and looks at the row again; only when it then finds `run_again` is the
    /// row kept. `run_again` never goes back while a job runs, so between the two nothing can be lost.
    static let finish = Statement(
        """
        WITH gone AS (
            DELETE FROM jobs WHERE id = $1 AND lease_owner = $2 AND NOT run_again RETURNING id
        ), kept AS (
            UPDATE jobs
            SET state = 'AVAILABLE', attempt = 0, run_again = false, lease_owner = NULL, lease_until = NULL
            WHERE id = $1 AND lease_owner = $2 AND NOT EXISTS (SELECT FROM gone)
            RETURNING id
        )
        SELECT (SELECT count(*) FROM gone) AS gone, (SELECT count(*) FROM kept) AS kept
        """)

    /// $1 ids, $2 the lease owner of each. A row for each that it deleted. The others (asked for again, locked by whoever is
    /// asking, or not leased any more) stay as they are, for `finish`: waiting with other rows locked could deadlock.
    ///
    /// Its commit does not wait for the disk. When the server crashes within a second of it, the lease runs out and the job
    /// runs once more, as it does when its worker dies before this; what was committed later is never kept without this.
    static let finishMany = Statement(
        """
        WITH hasty AS MATERIALIZED (
            SELECT set_config('synchronous_commit', 'off', true)
        ), open AS MATERIALIZED (
            SELECT id FROM jobs
            WHERE id = ANY ($1::bigint[]) AND lease_owner = ($2::uuid[])[array_position($1::bigint[], id)]
                AND NOT run_again
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM jobs WHERE id = ANY (ARRAY(SELECT id FROM open)) AND EXISTS (SELECT FROM hasty) RETURNING id
        """)

    /// $1 id, $2 lease owner, $3 microseconds until it runs again, $4 by how much the attempts count down
    /// (null: to 0).
    static let release = Statement(
        """
        UPDATE jobs
        SET state = 'AVAILABLE', run_again = false, lease_owner = NULL, lease_until = NULL,
            run_at = least(run_at, now() + $3::bigint * interval '1 microsecond'),
            attempt = greatest(0, attempt - coalesce($4::int, attempt))
        WHERE id = $1 AND lease_owner = $2
        """)
}
