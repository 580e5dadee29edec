import Postgres

/// The SQL of what an operator does to the vault. All of it runs as `switchboard_vault`, but for the directory of
/// organizations, which the platform's role reads.
enum RotationQueries {
    /// Held while a key is wrapped, so that the root key in force does not change meanwhile; see ``takeRootKey``.
    static let shareRootKey = Statement(
        "SELECT pg_advisory_xact_lock_shared(hashtextextended('switchboard root key', 0))")

    static let takeRootKey = Statement("SELECT pg_advisory_xact_lock(hashtextextended('switchboard root key', 0))")

    /// The root key that wraps the audit's key is the one in force: that key is always there, and a rotation moves it
    /// first.
    static let rootKeyInForce = Statement("SELECT wrapping_key_id FROM platform_keys WHERE purpose = 'audit'")

    // MARK: Keys of the platform

    static let platformKey = Statement(
        "SELECT purpose, id, wrapping_key_id, wrapped FROM platform_keys WHERE purpose = $1")

    static let platformKeysUnderOthers = Statement(
        """
        SELECT purpose, id, wrapping_key_id, wrapped FROM platform_keys
        WHERE wrapping_key_id <> $1 AND purpose > $2 ORDER BY purpose LIMIT $3
        """)

    static let replacePlatformKey = Statement(
        "UPDATE platform_keys SET wrapping_key_id = $2, wrapped = $3 WHERE purpose = $1 AND wrapped = $4")

    static let countPlatformKeys = Statement(
        "SELECT wrapping_key_id, count(*) AS n FROM platform_keys GROUP BY wrapping_key_id")

    // MARK: Keys of organizations

    static let organizations = Statement(
        "SELECT id, slug FROM organizations WHERE id > $1 ORDER BY id LIMIT 200")

    static let organizationKeysUnderOthers = Statement(
        """
        SELECT id, wrapping_key_id, wrapped FROM organization_keys
        WHERE org_id = $1 AND wrapping_key_id <> $2 ORDER BY id
        """)

    static let rewrapOrganizationKey = Statement(
        """
        UPDATE organization_keys SET wrapping_key_id = $3, wrapped = $4 WHERE org_id = $1 AND id = $2 AND wrapped = $5
        """)

    static let organizationKeys = Statement(
        """
        SELECT k.id, k.state, k.wrapping_key_id, k.wrapped,
          (SELECT count(*) FROM sealed_secrets s WHERE s.org_id = $1 AND s.organization_key_id = k.id) AS secrets
        FROM organization_keys k WHERE k.org_id = $1 ORDER BY k.created_at, k.id
        """)

    static let retireOrganizationKey = Statement(
        "UPDATE organization_keys SET state = 'RETIRED' WHERE org_id = $1 AND id = $2 AND state = 'ACTIVE'")

    static let secretsUnderRetired = Statement(
        """
        SELECT s.credential_id, s.field, s.version, s.organization_key_id AS id, s.sealed, k.wrapping_key_id, k.wrapped,
          c.kind
        FROM sealed_secrets s
        JOIN organization_keys k ON k.org_id = $1 AND k.id = s.organization_key_id AND k.state = 'RETIRED'
        JOIN credentials c ON c.org_id = $1 AND c.id = s.credential_id
        WHERE s.org_id = $1 AND (s.credential_id, s.field, s.version) > ($2, $3, $4)
        ORDER BY s.credential_id, s.field, s.version LIMIT $5
        """)

    static let replaceSecret = Statement(
        """
        UPDATE sealed_secrets SET organization_key_id = $5, sealed = $6
        WHERE org_id = $1 AND credential_id = $2 AND field = $3 AND version = $4 AND sealed = $7
        """)

    static let destroyRetired = Statement(
        """
        DELETE FROM organization_keys k WHERE k.org_id = $1 AND k.state = 'RETIRED'
          AND NOT EXISTS (SELECT FROM sealed_secrets s WHERE s.org_id = $1 AND s.organization_key_id = k.id)
        RETURNING k.id
        """)

    // MARK: Shredding

    static let deleteAllSecrets = Statement("DELETE FROM sealed_secrets WHERE org_id = $1")

    static let revokeAllCredentials = Statement(
        """
        UPDATE credentials SET status = 'REVOKED', revoked_at = now(), is_default = false, previous_token_until = NULL
        WHERE org_id = $1 AND status <> 'REVOKED' RETURNING id
        """)

    static let revokeAllHooks = Statement(
        "UPDATE hook_tokens SET revoked_at = now() WHERE org_id = $1 AND revoked_at IS NULL")

    static let deleteAllKeys = Statement("DELETE FROM organization_keys WHERE org_id = $1")
}
