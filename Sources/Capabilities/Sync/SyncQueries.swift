import Postgres

/// The SQL of this capability.
enum SyncQueries {
    static let credential = Statement(
        """
        SELECT id, status FROM credentials
        WHERE org_id = $1 AND status <> 'REVOKED' AND CASE WHEN $2::uuid IS NULL THEN is_default ELSE id = $2::uuid END
        """)

    static let insertRun = Statement(
        """
        INSERT INTO sync_runs (org_id, id, credential_id, webhooks, state) VALUES ($1, $2, $3, $4, 'QUEUED')
        ON CONFLICT (org_id, credential_id) WHERE state IN ('QUEUED', 'RUNNING') DO NOTHING RETURNING id
        """)

    static let begin = Statement(
        """
        UPDATE sync_runs SET state = 'RUNNING', started_at = coalesce(started_at, now())
        WHERE org_id = $1 AND id = $2 AND state IN ('QUEUED', 'RUNNING')
        RETURNING credential_id, webhooks,
          (SELECT c.status FROM credentials c WHERE c.org_id = $1 AND c.id = sync_runs.credential_id)
            AS credential_status,
          (SELECT c.last_error FROM credentials c WHERE c.org_id = $1 AND c.id = sync_runs.credential_id)
            AS credential_error
        """)

    static let progress = Statement(
        """
        UPDATE sync_runs SET numbers_found = $3, messages_found = $4, messages_added = messages_added + $5
        WHERE org_id = $1 AND id = $2 AND state = 'RUNNING'
        """)

    static let end = Statement(
        """
        UPDATE sync_runs SET state = $3, error = $4, finished_at = now()
        WHERE org_id = $1 AND id = $2 AND state IN ('QUEUED', 'RUNNING')
        """)
}
