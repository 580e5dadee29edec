import Postgres

/// The SQL of the log. An event is written under the role of what it records; sealing and verifying run as
/// `switchboard_vault`, under one organization at a time.
enum AuditQueries {
    static let insert = Statement(
        """
        INSERT INTO audit_events
          (org_id, id, occurred_at, actor_kind, actor_id, action, outcome, subject_kind, subject_id, purpose,
           request_id, source, mac_key_id, mac)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """)

    static let insertUnsealed = Statement("INSERT INTO audit_unsealed (org_id, event_id) VALUES ($1, $2)")

    // MARK: Sealing

    /// As `switchboard_queue`, over all organizations.
    static let waiting = Statement("SELECT DISTINCT org_id FROM audit_unsealed")

    /// How many events ``take`` takes at most.
    static let batch = 500

    /// What is sealed does not wait: somebody put it there, since a seal and the end of waiting are one commit.
    static let dropSealed = Statement(
        """
        DELETE FROM audit_unsealed u USING audit_seals s
        WHERE u.org_id = $1 AND s.org_id = $1 AND s.event_id = u.event_id RETURNING u.event_id
        """)

    /// Another sealer that is about to take the same rows is waited for, and has then taken them.
    static let take = Statement(
        """
        DELETE FROM audit_unsealed WHERE org_id = $1 AND event_id IN (
          SELECT event_id FROM audit_unsealed WHERE org_id = $1 ORDER BY event_id LIMIT 500)
        RETURNING event_id
        """)

    static let head = Statement(
        "SELECT position, link FROM audit_seals WHERE org_id = $1 ORDER BY position DESC LIMIT 1")

    static let macs = Statement(
        "SELECT id, mac FROM audit_events WHERE org_id = $1 AND id = ANY ($2) ORDER BY occurred_at, id")

    static let seal = Statement(
        """
        INSERT INTO audit_seals (org_id, position, event_id, link)
        SELECT $1, s.position, s.event_id, decode(s.link, 'hex')
        FROM unnest($2::bigint[], $3::uuid[], $4::text[]) AS s (position, event_id, link)
        """)

    // MARK: Verifying

    /// The chain with what it chains; a removed event leaves its columns null.
    static let chain = Statement(
        """
        SELECT s.position, s.event_id, s.link, e.id, e.occurred_at, e.actor_kind, e.actor_id, e.action, e.outcome,
               e.subject_kind, e.subject_id, e.purpose, e.request_id, e.source, e.mac
        FROM audit_seals s LEFT JOIN audit_events e ON e.org_id = $1 AND e.id = s.event_id
        WHERE s.org_id = $1 AND s.position > $2 ORDER BY s.position LIMIT 1000
        """)

    static let unchained = Statement(
        """
        SELECT e.id, e.occurred_at, e.actor_kind, e.actor_id, e.action, e.outcome, e.subject_kind, e.subject_id,
               e.purpose, e.request_id, e.source, e.mac,
               EXISTS (SELECT FROM audit_unsealed u WHERE u.org_id = $1 AND u.event_id = e.id) AS is_waiting
        FROM audit_events e
        WHERE e.org_id = $1 AND e.id > $2
          AND NOT EXISTS (SELECT FROM audit_seals s WHERE s.org_id = $1 AND s.event_id = e.id)
        ORDER BY e.id LIMIT 1000
        """)

    static let sealAt = Statement("SELECT link FROM audit_seals WHERE org_id = $1 AND position = $2")

    // MARK: Exporting

    static let events = Statement(
        """
        SELECT e.id, e.occurred_at, to_json(e.occurred_at) #>> '{}' AS occurred_at_text, e.actor_kind, e.actor_id,
               e.action, e.outcome, e.subject_kind, e.subject_id, e.purpose, e.request_id, e.source, s.position
        FROM audit_events e LEFT JOIN audit_seals s ON s.org_id = $1 AND s.event_id = e.id
        WHERE e.org_id = $1 AND (e.occurred_at, e.id) > ($2, $3) AND e.occurred_at < $4
        ORDER BY e.occurred_at, e.id LIMIT 1000
        """)

    /// As `switchboard_platform`.
    static let organizations = Statement("SELECT id FROM organizations ORDER BY id")
}
