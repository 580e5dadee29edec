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

    /// Those of the numbers `$2` that are known; none at all where the organization does not have it asked, and a row
    /// without a number where it has and none is known.
    static let knownOfMany = Statement(
        """
        SELECT k.phone, k.line_type FROM organization_settings s
        LEFT JOIN LATERAL (
          SELECT l.phone, l.line_type FROM phone_lines l
          WHERE l.org_id = $1 AND l.phone = ANY ($2::text[]) AND l.looked_up_at > now() - interval '180 days' OFFSET 0
        ) AS k ON true
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
