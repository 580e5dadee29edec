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

    /// A row where Twilio is to be asked again for the bulk `$2`: its credential `$3` is of a trial account, the copy lacks
    /// one of the numbers `$4`, and is older than the bulk, or than `$5` seconds.
    static let unknownOfBulk = Statement(
        """
        SELECT c.id
        FROM credentials c
        WHERE c.org_id = $1 AND c.id = $3 AND c.account_type = 'Trial' AND c.status = 'VERIFIED'
          AND (c.recipients_copied_at > greatest(
            (SELECT b.created_at FROM bulk_messages b WHERE b.org_id = $1 AND b.id = $2),
            now() - make_interval(secs => $5::bigint))) IS NOT TRUE
          AND EXISTS (
            SELECT FROM unnest($4::text[]) AS next (phone)
            WHERE NOT EXISTS (SELECT FROM verified_recipients v
                WHERE v.org_id = $1 AND v.credential_id = $3 AND v.phone = next.phone)
              AND NOT EXISTS (SELECT FROM phone_numbers n
                WHERE n.org_id = $1 AND n.credential_id = $3 AND n.number = next.phone AND n.is_active))
        """)
}
