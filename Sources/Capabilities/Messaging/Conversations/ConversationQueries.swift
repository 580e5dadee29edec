import Postgres

/// The SQL of who answers conversations.
enum ConversationQueries {
    static let lockColleague = Statement(
        "SELECT role FROM memberships WHERE org_id = $1 AND id = $2 FOR UPDATE")

    static let assign = Statement(
        """
        WITH before AS MATERIALIZED (
          SELECT id, assigned_to IS DISTINCT FROM $3::uuid AS is_other FROM conversations
          WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE
        ), assigned AS (
          UPDATE conversations c SET assigned_to = $3::uuid FROM before b
          WHERE c.org_id = $1 AND c.id = b.id AND b.is_other
        )
        SELECT is_other FROM before
        """)
}
