import Postgres

/// The SQL of outside issuers.
enum IssuerQueries {
    // MARK: As switchboard_edge

    static let candidates = Statement(
        """
        SELECT i.org_id, i.id, i.audience, i.algorithms::text, i.jwks, i.jwks_url, i.role_claim, i.role_map::text,
               i.default_role
        FROM issuers i JOIN organizations o ON o.id = i.org_id AND o.suspended_at IS NULL
        WHERE i.issuer = $1 AND i.audience = ANY ($2) AND i.removed_at IS NULL ORDER BY i.org_id, i.id LIMIT 16
        """)

    static let isLive = Statement(
        """
        SELECT i.id FROM issuers i JOIN organizations o ON o.id = i.org_id AND o.suspended_at IS NULL
        WHERE i.id = $1 AND i.removed_at IS NULL
        """)

    static let findSubject = Statement(
        "SELECT id FROM issuer_subjects WHERE org_id = $1 AND issuer_id = $2 AND subject = $3")

    static let insertSubject = Statement(
        """
        INSERT INTO issuer_subjects (org_id, issuer_id, subject, id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (org_id, issuer_id, subject) DO NOTHING RETURNING id
        """)

    // MARK: As switchboard_tenant

    static let insert = Statement(
        """
        INSERT INTO issuers (org_id, id, issuer, audience, algorithms, jwks, jwks_url, role_claim, role_map, default_role)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10)
        """)

    static let list = Statement(
        "SELECT id, issuer, audience FROM issuers WHERE org_id = $1 AND removed_at IS NULL ORDER BY created_at, id")

    static let remove = Statement(
        "UPDATE issuers SET removed_at = now() WHERE org_id = $1 AND id = $2 AND removed_at IS NULL RETURNING id")
}
