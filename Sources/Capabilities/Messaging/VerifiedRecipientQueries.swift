import Postgres

/// The SQL of whom an account may text.
enum VerifiedRecipientQueries {
    static let account = Statement(
        "SELECT status, account_status FROM credentials WHERE org_id = $1 AND id = $2")

    /// Those of `$3` whom the trial account of the credential `$2` may not text, as far as the copy says; nobody where it is
    /// no trial. `is_told`: Twilio was asked for all of them within `$4` seconds.
    static let missing = Statement(
        """
        SELECT g.phone,
               (c.recipients_copied_at > now() - make_interval(secs => $4::bigint)) IS TRUE AS is_told
        FROM credentials c CROSS JOIN unnest($3::text[]) AS g (phone)
        WHERE c.org_id = $1 AND c.id = $2 AND c.account_type = 'Trial'
          AND NOT EXISTS (SELECT FROM verified_recipients v
            WHERE v.org_id = $1 AND v.credential_id = $2 AND v.phone = g.phone)
          AND NOT EXISTS (SELECT FROM phone_numbers n
            WHERE n.org_id = $1 AND n.credential_id = $2 AND n.number = g.phone AND n.is_active)
        """)

    /// The credential of the bulk `$2`, where Twilio is to be asked again: it is of a trial account, among the next `$3`
    /// recipients is one whom the copy does not have, and the copy is older than the bulk, or than `$4` seconds.
    static let unknownOfBulk = Statement(
        """
        SELECT b.credential_id
        FROM bulk_messages b
        JOIN credentials c ON c.org_id = $1 AND c.id = b.credential_id AND c.account_type = 'Trial'
          AND c.status = 'VERIFIED' AND (c.recipients_copied_at
            > greatest(b.created_at, now() - make_interval(secs => $4::bigint))) IS NOT TRUE
        WHERE b.org_id = $1 AND b.id = $2 AND b.state = 'RUNNING' AND EXISTS (
          SELECT FROM (
            SELECT r.phone FROM bulk_recipients r
            WHERE r.org_id = $1 AND r.bulk_id = $2 AND r.state = 'PENDING' AND r.due_at <= now()
            ORDER BY r.due_at, r.position LIMIT $3::bigint
          ) AS next
          WHERE NOT EXISTS (SELECT FROM verified_recipients v
              WHERE v.org_id = $1 AND v.credential_id = b.credential_id AND v.phone = next.phone)
            AND NOT EXISTS (SELECT FROM phone_numbers n
              WHERE n.org_id = $1 AND n.credential_id = b.credential_id AND n.number = next.phone AND n.is_active))
        """)
}
