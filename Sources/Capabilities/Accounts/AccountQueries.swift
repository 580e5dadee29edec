import Postgres

/// The SQL of this capability.
enum AccountQueries {
    static let findKey = Statement(
        """
        SELECT k.org_id, k.api_key_id, k.role, k.expires_at
        FROM api_key_lookups k LEFT JOIN organizations o ON o.id = k.org_id
        WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
          AND o.suspended_at IS NULL
        """)

    static let findLiveKeys = Statement(
        """
        SELECT k.api_key_id FROM api_key_lookups k LEFT JOIN organizations o ON o.id = k.org_id
        WHERE k.api_key_id = ANY ($1) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
          AND o.suspended_at IS NULL
        """)

    /// A row for each organization of the user, and one without when there is none.
    static let findSession = Statement(
        """
        SELECT u.platform_role, m.org_id, m.role FROM sessions s JOIN users u ON u.id = s.user_id
        LEFT JOIN (memberships m JOIN organizations o ON o.id = m.org_id AND o.suspended_at IS NULL)
          ON m.user_id = u.id
        WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL AND s.expires_at > now() AND u.suspended_at IS NULL
        """)

    /// To the quarter of an hour, so that a busy key is not written each time.
    static let noteUse = Statement(
        """
        UPDATE api_keys SET last_used_at = now()
        WHERE org_id = $1 AND id = ANY ($2) AND (last_used_at IS NULL OR last_used_at < now() - interval '15 minutes')
        """)

    static let organizations = Statement(
        "SELECT id, slug, name, suspended_at FROM organizations WHERE slug > $1 ORDER BY slug LIMIT 1000")

    static let suspendOrganization = Statement(
        """
        UPDATE organizations SET suspended_at = CASE WHEN $2 THEN coalesce(suspended_at, now()) END
        WHERE id = $1 RETURNING id
        """)

    static let keysOfOrganization = Statement(
        """
        SELECT id, label, role, hint, created_at, expires_at, last_used_at, revoked_at FROM api_keys
        WHERE org_id = $1 ORDER BY created_at, id
        """)

    static let roleOfKey = Statement(
        "SELECT role FROM api_keys WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL")

    static let insertOrganization = Statement(
        "INSERT INTO organizations (id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING RETURNING id")

    static let findOrganization = Statement("SELECT id, name FROM organizations WHERE slug = $1")

    static let slugs = Statement("SELECT id, slug FROM organizations")

    static let insertKey = Statement(
        "INSERT INTO api_keys (org_id, id, label, role, hint, expires_at) VALUES ($1, $2, $3, $4, $5, $6)")

    static let insertPlatformKey = Statement(
        "INSERT INTO platform_api_keys (id, label, role, hint, expires_at) VALUES ($1, $2, $3, $4, $5)")

    static let insertLookup = Statement(
        """
        INSERT INTO api_key_lookups (key_hash, org_id, api_key_id, role, expires_at) VALUES ($1, $2, $3, $4, $5)
        """)

    static let revokeKey = Statement(
        """
        UPDATE api_keys SET revoked_at = now() WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id
        """)

    static let revokeLookup = Statement(
        "UPDATE api_key_lookups SET revoked_at = now() WHERE org_id = $1 AND api_key_id = $2")

    // MARK: Keys of the platform, as switchboard_platform

    static let keysOfPlatform = Statement(
        """
        SELECT id, label, role, hint, expires_at, NULL::timestamptz AS last_used_at, revoked_at FROM platform_api_keys
        ORDER BY created_at, id
        """)

    static let revokePlatformKey = Statement(
        "UPDATE platform_api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id")

    static let revokePlatformLookup = Statement(
        "UPDATE api_key_lookups SET revoked_at = now() WHERE org_id IS NULL AND api_key_id = $1")

    static let findPlatformPurpose = Statement(
        "SELECT id, wrapping_key_id, wrapped FROM platform_keys WHERE purpose = $1")

    /// The lock of `vault rotate-root`, shared: see `RotationQueries.shareRootKey`.
    static let shareRootKey = Statement(
        "SELECT pg_advisory_xact_lock_shared(hashtextextended('switchboard root key', 0))")

    /// The root key that wraps the audit's key is the one in force; none before the first start.
    static let rootKeyInForce = Statement("SELECT wrapping_key_id FROM platform_keys WHERE purpose = 'audit'")

    static let findAnyPlatformKey = Statement("SELECT purpose FROM platform_keys LIMIT 1")

    static let insertPlatformPurpose = Statement(
        """
        INSERT INTO platform_keys (purpose, id, wrapping_key_id, wrapped) VALUES ($1, $2, $3, $4)
        ON CONFLICT (purpose) DO NOTHING
        """)
}
