import Postgres

/// The SQL of this capability.
enum TemplateQueries {
    static let insert = Statement(
        """
        INSERT INTO templates (org_id, id, name, category, kind, current_version_id) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (org_id, lower(name)) WHERE archived_at IS NULL DO NOTHING RETURNING id
        """)

    static let insertVersion = Statement(
        """
        INSERT INTO template_versions (org_id, id, template_id, number, body)
        SELECT $1::uuid, $2::uuid, $3::uuid, coalesce(max(v.number), 0) + 1, $4::text
        FROM template_versions v WHERE v.org_id = $1 AND v.template_id = $3
        """)

    /// Names, types and defaults side by side; a default that is missing has its place in `$6` false.
    static let insertVariables = Statement(
        """
        INSERT INTO template_variables (org_id, version_id, position, name, type, default_value)
        SELECT $1::uuid, $2::uuid, v.position, v.name, v.type, CASE WHEN v.has_default = 1 THEN v.default_value END
        FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[]) WITH ORDINALITY
          AS v (name, type, default_value, has_default, position)
        """)

    static let lock = Statement(
        """
        SELECT t.name, t.category, t.kind, t.current_version_id, t.is_archived, v.body
        FROM templates t JOIN template_versions v ON v.org_id = $1 AND v.id = t.current_version_id
        WHERE t.org_id = $1 AND t.id = $2 FOR UPDATE OF t
        """)

    /// For sending: what is archived is not there.
    static let current = Statement(
        """
        SELECT t.current_version_id, v.body
        FROM templates t JOIN template_versions v ON v.org_id = $1 AND v.id = t.current_version_id
        WHERE t.org_id = $1 AND t.id = $2 AND NOT t.is_archived
        """)

    static let variables = Statement(
        """
        SELECT name, type, default_value FROM template_variables WHERE org_id = $1 AND version_id = $2 ORDER BY position
        """)

    static let isTaken = Statement(
        """
        SELECT id FROM templates WHERE org_id = $1 AND lower(name) = lower($2) AND archived_at IS NULL AND id <> $3
        """)

    static let update = Statement(
        """
        UPDATE templates SET name = $3, category = $4, kind = $5, current_version_id = $6, updated_at = now()
        WHERE org_id = $1 AND id = $2
        """)

    static let archive = Statement(
        """
        UPDATE templates SET archived_at = CASE WHEN $3 THEN coalesce(archived_at, now()) END, updated_at = now()
        WHERE org_id = $1 AND id = $2
        """)

    static let note = Statement(
        "UPDATE messages SET template_id = $3, template_version_id = $4 WHERE org_id = $1 AND id = $2")
}
