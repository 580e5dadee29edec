import Postgres

/// The SQL of what came in without a webhook.
enum InboundQueries {
    static let standing = Statement(
        """
        SELECT c.status, k.checked_until FROM credentials c
        LEFT JOIN inbound_checks k ON k.org_id = $1 AND k.credential_id = c.id
        WHERE c.org_id = $1 AND c.id = $2
        """)

    static let numbers = Statement(
        """
        SELECT number FROM phone_numbers WHERE org_id = $1 AND credential_id = $2 AND is_active AND sms ORDER BY number
        """)

    /// Never back: of two that look at once the later one counts.
    static let note = Statement(
        """
        INSERT INTO inbound_checks (org_id, credential_id, checked_until) VALUES ($1, $2, $3)
        ON CONFLICT (org_id, credential_id) DO UPDATE
          SET checked_until = greatest(inbound_checks.checked_until, excluded.checked_until)
        """)

    static let isKnown = Statement("SELECT message_id FROM message_sids WHERE org_id = $1 AND twilio_sid = $2")
}
