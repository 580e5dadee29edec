import Postgres

/// The SQL of messages of later.
enum ScheduleQueries {
    static let rules = Statement(
        "SELECT time_zone, quiet_from, quiet_until FROM organization_settings WHERE org_id = $1")

    static let contactZone = Statement("SELECT time_zone FROM contacts WHERE org_id = $1 AND id = $2")

    /// A message for later: `$3` when, `$4` whether it heeds quiet hours.
    static let schedule = Statement(
        """
        UPDATE messages SET status = 'SCHEDULED', scheduled_at = $3, respects_quiet_hours = $4,
          expires_at = $3::timestamptz + make_interval(secs => $5::bigint)
        WHERE org_id = $1 AND id = $2
        """)

    static let lock = Statement(
        """
        SELECT status, contact_id, respects_quiet_hours, scheduled_at, expires_at FROM messages
        WHERE org_id = $1 AND id = $2 AND direction = 'OUTBOUND' FOR UPDATE
        """)

    /// To another time, by as much as its end moves.
    static let move = Statement(
        """
        UPDATE messages SET scheduled_at = $3, expires_at = expires_at + ($3::timestamptz - scheduled_at)
        WHERE org_id = $1 AND id = $2 AND status = 'SCHEDULED' RETURNING id
        """)

    /// Quiet hours hold it back: as much longer as it may go out.
    static let holdBack = Statement(
        """
        UPDATE messages
        SET scheduled_at = CASE WHEN status = 'SCHEDULED' THEN $3::timestamptz ELSE scheduled_at END,
            expires_at = expires_at + ($3::timestamptz - now())
        WHERE org_id = $1 AND id = $2
        """)

    static let cancel = Statement(
        """
        UPDATE messages SET status = 'CANCELED'
        WHERE org_id = $1 AND id = $2 AND status IN ('SCHEDULED', 'QUEUED') RETURNING id
        """)

    static let enter = Statement(
        "UPDATE messages SET status = 'QUEUED' WHERE org_id = $1 AND id = $2 AND status = 'SCHEDULED' RETURNING id")
}
