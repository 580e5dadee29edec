import Postgres

/// The SQL of this capability.
enum ContactQueries {
    static let insert = Statement(
        """
        INSERT INTO contacts (org_id, phone, name) VALUES ($1, $2, $3)
        ON CONFLICT (org_id, phone) DO NOTHING RETURNING id
        """)

    static let lockByPhone = Statement(
        "SELECT id, opted_out FROM contacts WHERE org_id = $1 AND phone = $2 FOR NO KEY UPDATE")

    static let lockByID = Statement(
        "SELECT opted_out FROM contacts WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")

    static let optOut = Statement(
        """
        UPDATE contacts SET opted_out_at = coalesce($3::timestamptz, now())
        WHERE org_id = $1 AND id = $2 AND opted_out_at IS NULL
        """)

    static let optIn = Statement(
        """
        UPDATE contacts SET opted_out_at = NULL
        WHERE org_id = $1 AND id = $2 AND opted_out_at <= coalesce($3::timestamptz, now())
        """)

    static let joinConversation = Statement(
        """
        INSERT INTO conversations (org_id, contact_id, last_message_at, unread_count) VALUES ($1, $2, $3, $4)
        ON CONFLICT (org_id, contact_id) DO UPDATE
          SET last_message_at = greatest(conversations.last_message_at, excluded.last_message_at),
              unread_count = conversations.unread_count + excluded.unread_count
        RETURNING id
        """)
}
