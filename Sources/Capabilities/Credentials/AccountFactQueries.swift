import Postgres

/// The SQL of what Twilio says of an account. All of it runs as `switchboard_vault`.
enum AccountFactQueries {
    /// What was asked with another version of the secrets by now is not kept.
    static let noteAccount = Statement(
        """
        UPDATE credentials SET account_status = 'ACTIVE', account_type = $4, account_friendly_name = $5
        WHERE org_id = $1 AND id = $2 AND secret_version = $3 AND status <> 'REVOKED' RETURNING id
        """)

    static let removeOthers = Statement(
        "DELETE FROM verified_recipients WHERE org_id = $1 AND credential_id = $2 AND NOT phone = ANY ($3::text[])")

    /// Twilio's list may hold what is no number in E.164 form.
    static let addRecipients = Statement(
        """
        INSERT INTO verified_recipients (org_id, credential_id, phone)
        SELECT DISTINCT $1::uuid, $2::uuid, p FROM unnest($3::text[]) AS p WHERE p ~ '^\\+[1-9][0-9]{7,14}$' ORDER BY p
        ON CONFLICT DO NOTHING
        """)

    static let noteCopy = Statement(
        "UPDATE credentials SET recipients_copied_at = now() WHERE org_id = $1 AND id = $2 AND status <> 'REVOKED'")

    static let forgetRecipient = Statement(
        "DELETE FROM verified_recipients WHERE org_id = $1 AND credential_id = $2 AND phone = $3")

    static let forgetRecipients = Statement(
        "DELETE FROM verified_recipients WHERE org_id = $1 AND credential_id = $2")
}
