import Postgres

/// The SQL of media.
enum MediaQueries {
    /// SIDs (empty where there is none) and types side by side, in order.
    static let insert = Statement(
        """
        INSERT INTO message_media (org_id, id, message_id, position, twilio_sid, content_type, state, reason)
        SELECT $1::uuid, m.id, $2::uuid, m.position - 1, nullif(m.sid, ''), nullif(m.content_type, ''),
               CASE WHEN m.sid = '' THEN 'REFUSED' ELSE 'PENDING' END,
               CASE WHEN m.sid = '' THEN 'Twilio named no file here.' END
        FROM unnest($3::uuid[], $4::text[], $5::text[]) WITH ORDINALITY AS m (id, sid, content_type, position)
        ON CONFLICT DO NOTHING
        """)

    /// The files `$3` go with each of the messages `$2`.
    static let attach = Statement(
        """
        INSERT INTO message_media (org_id, message_id, position, state, url)
        SELECT $1::uuid, m.id, u.position - 1, 'LINKED', u.url
        FROM unnest($2::uuid[]) AS m (id), unnest($3::text[]) WITH ORDINALITY AS u (url, position)
        """)

    /// What goes with the message `$2` goes with `$3` as well.
    static let copyLinks = Statement(
        """
        INSERT INTO message_media (org_id, message_id, position, state, url)
        SELECT d.org_id, $3::uuid, d.position, d.state, d.url FROM message_media d
        WHERE d.org_id = $1 AND d.message_id = $2 AND d.state = 'LINKED'
        """)

    /// Files that nobody has told of yet, of a message that is still to be read.
    static let unlisted = Statement(
        """
        SELECT m.twilio_sid, m.credential_id FROM messages m
        WHERE m.org_id = $1 AND m.id = $2 AND m.twilio_sid IS NOT NULL AND m.redacted_at IS NULL
          AND NOT EXISTS (SELECT FROM message_media d WHERE d.org_id = $1 AND d.message_id = m.id)
        """)

    static let lockUnlisted = Statement(
        """
        SELECT m.id FROM messages m
        WHERE m.org_id = $1 AND m.id = $2 AND m.redacted_at IS NULL
          AND NOT EXISTS (SELECT FROM message_media d WHERE d.org_id = $1 AND d.message_id = m.id)
        FOR UPDATE OF m
        """)

    static let pending = Statement(
        """
        SELECT d.twilio_sid AS media_sid, d.content_type, d.message_id, m.twilio_sid AS message_sid, m.credential_id
        FROM message_media d JOIN messages m ON m.org_id = $1 AND m.id = d.message_id
        WHERE d.org_id = $1 AND d.id = $2 AND d.state = 'PENDING'
        """)

    static let insertContent = Statement(
        "INSERT INTO media_contents (org_id, hash, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")

    static let store = Statement(
        """
        UPDATE message_media SET state = 'STORED', hash = $3, size = $4, content_type = $5, reason = NULL
        WHERE org_id = $1 AND id = $2 AND state = 'PENDING' RETURNING message_id
        """)

    static let refuse = Statement(
        """
        UPDATE message_media SET state = 'REFUSED', reason = $3
        WHERE org_id = $1 AND id = $2 AND state = 'PENDING' RETURNING message_id
        """)

    static let find = Statement("SELECT state, reason FROM message_media WHERE org_id = $1 AND id = $2")

    static let content = Statement(
        """
        SELECT d.content_type, c.content
        FROM message_media d JOIN media_contents c ON c.org_id = $1 AND c.hash = d.hash
        WHERE d.org_id = $1 AND d.id = $2 AND d.state = 'STORED'
        """)
}
