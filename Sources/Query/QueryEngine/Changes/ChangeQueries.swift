import Postgres

/// The statements of the change feed (`migrations/0006_changes.sql`, `0014_change_retention.sql`).
enum ChangeQueries {
    static let snapshot = Statement(
        "SELECT pg_current_snapshot()::text, pg_snapshot_xmin(pg_current_snapshot())::text")

    /// What is new below the oldest transaction that still runs anywhere in the cluster. At least one row: it says whether
    /// something after the position is gone already, and whether something waits above.
    static let changes = Statement(
        """
        SELECT f.is_late, f.is_held, c.transaction_id::text, c.id, c.subject_id
        FROM (SELECT EXISTS (SELECT FROM change_horizons h
                             WHERE h.org_id = $1 AND (h.transaction_id, h.id) > ($3::text::xid8, $4::int8)) AS is_late,
                     EXISTS (SELECT FROM changes c
                             WHERE c.org_id = $1 AND c.kind = $2 AND (c.transaction_id, c.id) > ($3::text::xid8, $4::int8)
                               AND c.transaction_id >= pg_snapshot_xmin(pg_current_snapshot())) AS is_held) f
        LEFT JOIN LATERAL (
          SELECT c.transaction_id, c.id, c.subject_id FROM changes c
          WHERE c.org_id = $1 AND c.kind = $2 AND (c.transaction_id, c.id) > ($3::text::xid8, $4::int8)
            AND c.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
            AND ($5::text IS NULL OR NOT pg_visible_in_snapshot(c.transaction_id, $5::text::pg_snapshot))
          ORDER BY c.transaction_id, c.id LIMIT $6
        ) c ON true
        ORDER BY c.transaction_id, c.id
        """)

    /// The same below the oldest transaction that still runs in *this* database: a snapshot counts the whole cluster's, and
    /// somebody's long work in another database is no reason to wait. Only what is proved to run elsewhere is left out: its
    /// lock on its own transaction id is held by a session of another database. What shows no lock counts as ours.
    static let changesBesideOtherDatabases = Statement(
        """
        WITH foreign_transaction AS MATERIALIZED (
          SELECT l.transactionid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
          WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
            AND a.datid <> (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        ), oldest AS MATERIALIZED (
          SELECT coalesce(
            (SELECT x FROM pg_snapshot_xip(pg_current_snapshot()) x
             WHERE NOT EXISTS (SELECT FROM foreign_transaction f WHERE f.transactionid = x::xid)
             ORDER BY x LIMIT 1),
            pg_snapshot_xmax(pg_current_snapshot())) AS x
        )
        SELECT false AS is_late, false AS is_held, c.transaction_id::text, c.id, c.subject_id FROM changes c
        WHERE c.org_id = $1 AND c.kind = $2 AND (c.transaction_id, c.id) > ($3::text::xid8, $4::int8)
          AND c.transaction_id < (SELECT o.x FROM oldest o)
          AND ($5::text IS NULL OR NOT pg_visible_in_snapshot(c.transaction_id, $5::text::pg_snapshot))
        ORDER BY c.transaction_id, c.id LIMIT $6
        """)

    /// Removes what is older than `$1` milliseconds, at most `$2` changes, and notes for each organization how far. What a
    /// reader could not yet have seen stays. Organizations are stepped through by the index, one probe for each, and one more
    /// for its oldest change: where that is to stay, the others are not read. Only the first `$2` are, in the order of the feed,
    /// which is that of time but for the length of a transaction.
    static let clean = Statement(
        """
        WITH RECURSIVE organization (org_id) AS (
          (SELECT c.org_id FROM changes c ORDER BY c.org_id LIMIT 1)
          UNION ALL
          SELECT (SELECT c.org_id FROM changes c WHERE c.org_id > o.org_id ORDER BY c.org_id LIMIT 1)
          FROM organization o WHERE o.org_id IS NOT NULL
        ), old AS MATERIALIZED (
          SELECT c.org_id, c.transaction_id, c.id
          FROM organization o CROSS JOIN LATERAL (
            SELECT f.org_id, f.transaction_id, f.id
            FROM (SELECT c.org_id, c.transaction_id, c.id, c.occurred_at FROM changes c
                  WHERE c.org_id = o.org_id
                    AND (SELECT e.occurred_at FROM changes e WHERE e.org_id = o.org_id
                         ORDER BY e.transaction_id, e.id LIMIT 1) < now() - $1::int8 * interval '1 millisecond'
                  ORDER BY c.transaction_id, c.id LIMIT $2) f
            WHERE f.occurred_at < now() - $1::int8 * interval '1 millisecond'
              AND f.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
          ) c LIMIT $2
        ), gone AS (
          DELETE FROM changes c USING old
          WHERE c.org_id = old.org_id AND c.transaction_id = old.transaction_id AND c.id = old.id
          RETURNING c.org_id, c.transaction_id, c.id
        ), horizon AS (
          INSERT INTO change_horizons AS h (org_id, transaction_id, id)
          SELECT DISTINCT ON (g.org_id) g.org_id, g.transaction_id, g.id FROM gone g
          ORDER BY g.org_id, g.transaction_id DESC, g.id DESC
          ON CONFLICT (org_id) DO UPDATE SET transaction_id = excluded.transaction_id, id = excluded.id
          WHERE (h.transaction_id, h.id) < (excluded.transaction_id, excluded.id)
        )
        SELECT count(*) FROM gone
        """)
}
