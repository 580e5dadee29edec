import Postgres

/// The SQL of this capability. All of it runs as `switchboard_vault`, but for ``CredentialQueries/findHook``, which runs
/// as `switchboard_edge` before the tenant is known.
enum CredentialQueries {
    // MARK: Registering

    static let activeOrganizationKey = Statement(
        "SELECT id, wrapping_key_id, wrapped FROM organization_keys WHERE org_id = $1 AND state = 'ACTIVE'")

    static let insertOrganizationKey = Statement(
        """
        INSERT INTO organization_keys (org_id, id, wrapping_key_id, wrapped) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """)

    static let claimAccount = Statement(
        "INSERT INTO twilio_account_claims (account_sid, org_id) VALUES ($1, $2) ON CONFLICT (account_sid) DO NOTHING")

    static let claimant = Statement("SELECT org_id FROM twilio_account_claims WHERE account_sid = $1")

    static let liveByAccount = Statement(
        """
        SELECT id FROM credentials WHERE org_id = $1 AND account_sid = $2 AND status <> 'REVOKED'
        """)

    /// One registration of an organization at a time: otherwise two would both find that there is no default yet.
    static let lockOrganization = Statement("SELECT pg_advisory_xact_lock(hashtextextended('credentials ' || $1, 0))")

    static let unsetDefault = Statement(
        "UPDATE credentials SET is_default = false WHERE org_id = $1 AND kind = 'TWILIO' AND is_default")

    static let insert = Statement(
        """
        INSERT INTO credentials (org_id, id, kind, label, status, is_default, account_sid, api_key_sid, secret_hint,
          account_type, account_friendly_name, last_verified_at, last_error)
        VALUES ($1, $2, 'TWILIO', $3, $4, $5 OR NOT EXISTS (SELECT FROM credentials c WHERE c.org_id = $1 AND c.is_default),
          $6, $7, $8, $9, $10, CASE WHEN $4 = 'VERIFIED' THEN now() END, $11)
        """)

    static let insertSecret = Statement(
        """
        INSERT INTO sealed_secrets (org_id, credential_id, field, version, organization_key_id, sealed)
        VALUES ($1, $2, $3, $4, $5, $6)
        """)

    static let insertHook = Statement("INSERT INTO hook_tokens (token, org_id, credential_id) VALUES ($1, $2, $3)")

    // MARK: Leasing

    static let lease = Statement(
        """
        SELECT c.id, c.status, c.account_sid, c.api_key_sid, h.token AS hook, s.field, s.version,
               s.organization_key_id, s.sealed, k.wrapping_key_id, k.wrapped
        FROM credentials c
        JOIN hook_tokens h ON h.org_id = $1 AND h.credential_id = c.id
        JOIN sealed_secrets s ON s.org_id = $1 AND s.credential_id = c.id
        JOIN organization_keys k ON k.org_id = $1 AND k.id = s.organization_key_id
        WHERE c.org_id = $1 AND c.id = $2 AND c.status <> 'REVOKED'
        ORDER BY s.field, s.version DESC
        """)

    static let findHook = Statement(
        "SELECT org_id, credential_id FROM hook_tokens WHERE token = $1 AND revoked_at IS NULL")

    // MARK: Changing

    static let lockCredential = Statement(
        "SELECT status, account_sid FROM credentials WHERE org_id = $1 AND id = $2 FOR UPDATE")

    static let markVerified = Statement(
        """
        UPDATE credentials SET status = 'VERIFIED', account_type = $3, account_friendly_name = $4,
          last_verified_at = now(), last_error = NULL
        WHERE org_id = $1 AND id = $2 AND status <> 'REVOKED'
        """)

    static let markInvalid = Statement(
        """
        UPDATE credentials SET status = 'INVALID', last_error = $3
        WHERE org_id = $1 AND id = $2 AND status IN ('UNVERIFIED', 'VERIFIED') RETURNING id
        """)

    static let markRevoked = Statement(
        """
        UPDATE credentials SET status = 'REVOKED', revoked_at = now(), is_default = false
        WHERE org_id = $1 AND id = $2 AND status <> 'REVOKED' RETURNING id
        """)

    static let deleteSecrets = Statement("DELETE FROM sealed_secrets WHERE org_id = $1 AND credential_id = $2")

    static let revokeHook = Statement(
        """
        UPDATE hook_tokens SET revoked_at = now()
        WHERE org_id = $1 AND credential_id = $2 AND revoked_at IS NULL
        """)
}
