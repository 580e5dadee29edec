import Postgres

/// The SQL of redaction.
enum RedactionQueries {
    /// What is older than the organization keeps, up to `$2`; what is still under way stays until it has ended.
    static let due = Statement(
        """
        SELECT m.id FROM messages m
        WHERE m.org_id = $1 AND m.redacted_at IS NULL
          AND m.created_at < now() - make_interval(days => (SELECT s.retention_days FROM organization_settings s
            WHERE s.org_id = $1))
          AND m.status IN ('DELIVERED', 'UNDELIVERED', 'FAILED', 'CANCELED', 'RECEIVED', 'SENT', 'ACCEPTED', 'UNKNOWN')
        ORDER BY m.created_at, m.id LIMIT $2 FOR UPDATE SKIP LOCKED
        """)

    /// The body goes at once, here; Twilio's copy when it is its turn.
    static let redact = Statement(
        """
        UPDATE messages SET body = '', redacted_at = now(),
          carrier_redaction = CASE WHEN twilio_sid IS NOT NULL THEN 'PENDING' END
        WHERE org_id = $1 AND id = ANY ($2::uuid[]) AND redacted_at IS NULL RETURNING id
        """)

    static let removeMedia = Statement(
        """
        UPDATE message_media SET state = 'REMOVED', hash = NULL, url = NULL, reason = 'It was redacted.'
        WHERE org_id = $1 AND message_id = ANY ($2::uuid[]) AND state <> 'REMOVED'
        """)

    /// What a recipient's own part of a bulk's text was.
    static let forgetVariables = Statement(
        """
        UPDATE bulk_recipients SET variables = NULL
        WHERE org_id = $1 AND message_id = ANY ($2::uuid[]) AND variables IS NOT NULL
        """)

    /// Bulks that have ended and are older than the organization keeps what was said.
    static let redactBulks = Statement(
        """
        UPDATE bulk_messages SET body = '', variables = '{}', media_urls = '{}'
        WHERE org_id = $1 AND finished_at IS NOT NULL AND (body <> '' OR media_urls <> '{}')
          AND created_at < now() - make_interval(days => (SELECT s.retention_days FROM organization_settings s
            WHERE s.org_id = $1))
        RETURNING id
        """)

    static let forgetVariablesOfBulks = Statement(
        """
        UPDATE bulk_recipients SET variables = NULL
        WHERE org_id = $1 AND bulk_id = ANY ($2::uuid[]) AND variables IS NOT NULL
        """)

    /// Bytes that no message has any more.
    static let removeContents = Statement(
        """
        DELETE FROM media_contents c WHERE c.org_id = $1
          AND NOT EXISTS (SELECT FROM message_media d WHERE d.org_id = $1 AND d.hash = c.hash)
        """)

    static let lock = Statement(
        "SELECT status, redacted_at IS NOT NULL AS is_redacted FROM messages WHERE org_id = $1 AND id = $2 FOR UPDATE")

    static let pendingAtCarrier = Statement(
        """
        SELECT m.id, m.twilio_sid, m.credential_id,
               m.direction = 'INBOUND' OR NOT EXISTS (
                 SELECT FROM message_attempts a WHERE a.org_id = $1 AND a.message_id = m.id)
                 OR EXISTS (SELECT FROM message_media d WHERE d.org_id = $1 AND d.message_id = m.id) AS may_have_files
        FROM messages m WHERE m.org_id = $1 AND m.carrier_redaction = 'PENDING' ORDER BY m.id LIMIT $2
        """)

    static let endAtCarrier = Statement(
        """
        UPDATE messages SET carrier_redaction = $3
        WHERE org_id = $1 AND id = $2 AND carrier_redaction = 'PENDING'
        """)

    static let keeps = Statement(
        "SELECT retention_days IS NOT NULL AS ends FROM organization_settings WHERE org_id = $1")
}
