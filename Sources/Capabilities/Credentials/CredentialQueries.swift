import Postgres

/// The SQL of this capability. All of it runs as `switchboard_vault`, but for ``CredentialQueries/findHooks``, which runs
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
          account_type, account_friendly_name, last_verified_at, last_error, shared_key_id, account_status)
        VALUES ($1, $2, 'TWILIO', $3, $4, $5 OR NOT EXISTS (SELECT FROM credentials c WHERE c.org_id = $1 AND c.is_default),
          $6, $7, $8, $9, $10, CASE WHEN $4 = 'VERIFIED' THEN now() END, $11, $12,
          CASE WHEN $4 = 'VERIFIED' THEN 'ACTIVE' END)
        """)

    static let insertSecret = Statement(
        """
        INSERT INTO sealed_secrets (org_id, credential_id, field, version, organization_key_id, sealed)
        VALUES ($1, $2, $3, $4, $5, $6)
        """)

    static let insertHook = Statement("INSERT INTO hook_tokens (token, org_id, credential_id) VALUES ($1, $2, $3)")

    // MARK: Leasing

    /// The version that counts, and of the one before it the token, while that is good for signatures. A credential whose
    /// secrets are gone answers one row without a field.
    static let lease = Statement(
        """
        SELECT c.id, c.status, c.account_sid, c.api_key_sid, c.shared_key_id, c.secret_version,
               CASE WHEN c.previous_token_until > now() THEN c.previous_token_until END AS previous_token_until,
               h.token AS hook, s.field, s.version, s.organization_key_id, s.sealed, k.wrapping_key_id, k.wrapped
        FROM credentials c
        JOIN hook_tokens h ON h.org_id = $1 AND h.credential_id = c.id
        LEFT JOIN sealed_secrets s ON s.org_id = $1 AND s.credential_id = c.id
          AND (s.version = c.secret_version
            OR (s.version = c.secret_version - 1 AND s.field = 'auth_token' AND c.previous_token_until > now()))
        LEFT JOIN organization_keys k ON k.org_id = $1 AND k.id = s.organization_key_id
        WHERE c.org_id = $1 AND c.id = $2 AND c.status <> 'REVOKED'
        """)

    static let findHooks = Statement(
        "SELECT token, org_id, credential_id FROM hook_tokens WHERE token = ANY ($1::text[]) AND revoked_at IS NULL")

    // MARK: Changing

    static let lockCredential = Statement(
        "SELECT status, account_sid, secret_version FROM credentials WHERE org_id = $1 AND id = $2 FOR UPDATE")

    static let markVerified = Statement(
        """
        UPDATE credentials SET status = 'VERIFIED', account_type = $3, account_friendly_name = $4,
          account_status = 'ACTIVE', last_verified_at = now(), last_error = NULL
        WHERE org_id = $1 AND id = $2 AND status <> 'REVOKED'
        """)

    /// `$4` is the version that was refused: a late refusal of one of before says nothing of the one that counts. `$5` is
    /// the account's status, where the refusal was about that. No row where all of it was known.
    static let markInvalid = Statement(
        """
        UPDATE credentials SET status = 'INVALID', last_error = $3, account_status = $5
        WHERE org_id = $1 AND id = $2 AND secret_version = $4
          AND (status IN ('UNVERIFIED', 'VERIFIED')
            OR status = 'INVALID' AND (last_error, account_status) IS DISTINCT FROM ($3::text, $5::text)) RETURNING id
        """)

    /// A row when another version counts by now, and the credential still does.
    static let isReplaced = Statement(
        "SELECT FROM credentials WHERE org_id = $1 AND id = $2 AND secret_version > $3 AND status <> 'REVOKED'")

    static let markRevoked = Statement(
        """
        UPDATE credentials SET status = 'REVOKED', revoked_at = now(), is_default = false, previous_token_until = NULL
        WHERE org_id = $1 AND id = $2 AND status <> 'REVOKED' RETURNING id
        """)

    static let deleteSecrets = Statement("DELETE FROM sealed_secrets WHERE org_id = $1 AND credential_id = $2")

    static let revokeHook = Statement(
        """
        UPDATE hook_tokens SET revoked_at = now()
        WHERE org_id = $1 AND credential_id = $2 AND revoked_at IS NULL
        """)

    static let setDefault = Statement("UPDATE credentials SET is_default = true WHERE org_id = $1 AND id = $2")

    // MARK: Rotating

    /// The next version counts from here on.
    static let markRotated = Statement(
        """
        UPDATE credentials SET secret_version = $3, api_key_sid = $4, shared_key_id = $5, secret_hint = $6,
          previous_token_until = now() + make_interval(mins => $7::int), status = 'VERIFIED', last_verified_at = now(),
          last_error = NULL, account_status = 'ACTIVE', account_type = coalesce($8, account_type),
          account_friendly_name = coalesce($9, account_friendly_name)
        WHERE org_id = $1 AND id = $2
        """)

    /// What an earlier version has sealed, but for the token that stays good for signatures a while, when `$4` says so.
    static let deleteFormer = Statement(
        """
        DELETE FROM sealed_secrets WHERE org_id = $1 AND credential_id = $2 AND version < $3
          AND NOT ($4 AND version = $3 - 1 AND field = 'auth_token')
        """)

    /// The organization's keys that a credential's secrets are under.
    static let keysOf = Statement(
        "SELECT DISTINCT organization_key_id FROM sealed_secrets WHERE org_id = $1 AND credential_id = $2")

    // MARK: The token of before

    static let lockPrevious = Statement(
        """
        SELECT ceil(extract(epoch FROM previous_token_until - clock_timestamp()) * 1000)::bigint AS milliseconds
        FROM credentials WHERE org_id = $1 AND id = $2 AND previous_token_until IS NOT NULL FOR UPDATE
        """)

    static let deletePrevious = Statement(
        """
        DELETE FROM sealed_secrets s USING credentials c
        WHERE c.org_id = $1 AND c.id = $2 AND s.org_id = $1 AND s.credential_id = c.id AND s.version < c.secret_version
        RETURNING s.version
        """)

    static let endPrevious = Statement(
        "UPDATE credentials SET previous_token_until = NULL WHERE org_id = $1 AND id = $2")

    static let noteProblem = Statement("UPDATE credentials SET last_error = $3 WHERE org_id = $1 AND id = $2")

    static let isKnown = Statement("SELECT FROM credentials WHERE org_id = $1 AND id = $2")
}
