import Postgres

/// The SQL of kinds of lines.
enum LineTypeQueries {
    /// No row where the organization does not have it asked.
    static let known = Statement(
        """
        SELECT l.phone IS NOT NULL AS is_known, l.line_type
        FROM organization_settings s
        LEFT JOIN phone_lines l ON l.org_id = $1 AND l.phone = $2 AND l.looked_up_at > now() - interval '180 days'
        WHERE s.org_id = $1 AND s.look_ups
        """)

    static let unknownOfBulk = Statement(
        """
        SELECT r.phone, b.credential_id
        FROM organization_settings s
        JOIN bulk_messages b ON b.org_id = $1 AND b.id = $2 AND b.state = 'RUNNING'
        JOIN bulk_recipients r ON r.org_id = $1 AND r.bulk_id = $2 AND r.state = 'PENDING' AND r.due_at <= now()
        WHERE s.org_id = $1 AND s.look_ups AND NOT EXISTS (
          SELECT FROM phone_lines l WHERE l.org_id = $1 AND l.phone = r.phone
            AND l.looked_up_at > now() - interval '180 days')
        ORDER BY r.due_at, r.position LIMIT $3::bigint
        """)

    static let landlines = Statement(
        """
        SELECT l.phone FROM organization_settings s
        JOIN phone_lines l ON l.org_id = $1 AND l.phone = ANY ($2::text[]) AND l.line_type = $3
          AND l.looked_up_at > now() - interval '180 days'
        WHERE s.org_id = $1 AND s.look_ups
        """)

    static let record = Statement(
        """
        INSERT INTO phone_lines (org_id, phone, line_type)
        SELECT $1::uuid, g.phone, nullif(g.line_type, '') FROM unnest($2::text[], $3::text[]) AS g (phone, line_type)
        ORDER BY g.phone
        ON CONFLICT (org_id, phone) DO UPDATE SET line_type = excluded.line_type, looked_up_at = excluded.looked_up_at
        """)
}
