import Postgres

/// The SQL of this capability.
enum AccountQueries {
    static let findKey = Statement(
        "SELECT org_id, api_key_id, role FROM api_key_lookups WHERE key_hash = $1 AND revoked_at IS NULL")

    static let findLiveKeys = Statement(
        "SELECT api_key_id FROM api_key_lookups WHERE api_key_id = ANY($1) AND revoked_at IS NULL")

    static let insertOrganization = Statement(
        "INSERT INTO organizations (id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING RETURNING id")

    static let findOrganization = Statement("SELECT id, name FROM organizations WHERE slug = $1")

    static let insertKey = Statement(
        "INSERT INTO api_keys (org_id, id, label, role, hint) VALUES ($1, $2, $3, $4, $5)")

    static let insertPlatformKey = Statement(
        "INSERT INTO platform_api_keys (id, label, role, hint) VALUES ($1, $2, $3, $4)")

    static let insertLookup = Statement(
        "INSERT INTO api_key_lookups (key_hash, org_id, api_key_id, role) VALUES ($1, $2, $3, $4)")

    static let revokeKey = Statement(
        """
        UPDATE api_keys SET revoked_at = now() WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id
        """)

    static let revokeLookup = Statement(
        "UPDATE api_key_lookups SET revoked_at = now() WHERE org_id = $1 AND api_key_id = $2")

    static let findPlatformPurpose = Statement(
        "SELECT id, wrapping_key_id, wrapped FROM platform_keys WHERE purpose = $1")

    static let findAnyPlatformKey = Statement("SELECT purpose FROM platform_keys LIMIT 1")

    static let insertPlatformPurpose = Statement(
        """
        INSERT INTO platform_keys (purpose, id, wrapping_key_id, wrapped) VALUES ($1, $2, $3, $4)
        ON CONFLICT (purpose) DO NOTHING
        """)
}
