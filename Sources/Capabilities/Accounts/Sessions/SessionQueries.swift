import Postgres

/// The SQL of signing in and out. All of it runs as `switchboard_edge`, but for the signing keys.
enum SessionQueries {
    static let signingKeys = Statement(
        """
        SELECT substr(purpose, 14)::int AS number, id, wrapping_key_id, wrapped, created_at FROM platform_keys
        WHERE purpose ~ '^access-token-[0-9]+$' ORDER BY 1 DESC
        """)

    static let findUser = Statement(
        "SELECT id, password_hash FROM users WHERE email = $1 AND suspended_at IS NULL")

    /// Suspended ones too: their e-mail is taken.
    static let findAnyUser = Statement("SELECT id, name FROM users WHERE email = $1")

    static let findUserByID = Statement(
        "SELECT id, email, name, password_hash FROM users WHERE id = $1 AND suspended_at IS NULL")

    /// No row comes back when `$4` is the user's password no more, or the user is suspended: that was checked while a
    /// change of it may have been under way. Locked, so that what ends all sessions finds this one or comes before it.
    static let insertSession = Statement(
        """
        INSERT INTO sessions (id, user_id, expires_at)
        SELECT $1, u.id, now() + $3::bigint * interval '1 second' FROM users u
        WHERE u.id = $2 AND u.password_hash = $4 AND u.suspended_at IS NULL FOR SHARE OF u
        RETURNING id
        """)

    /// Whether this is still the password; it stays so until the transaction ends.
    static let holdPassword = Statement(
        "SELECT FROM users WHERE id = $1 AND password_hash = $2 AND suspended_at IS NULL FOR SHARE")

    static let lockSession = Statement(
        "SELECT FROM sessions WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > now() FOR UPDATE")

    static let insertRefreshToken = Statement("INSERT INTO refresh_tokens (token_hash, session_id) VALUES ($1, $2)")

    /// Sessions that nobody can take up again any more; their refresh tokens go with them.
    static let deleteOldSessions = Statement(
        "DELETE FROM sessions WHERE user_id = $1 AND least(expires_at, ended_at) < now() - interval '30 days'")

    /// Locked, so that of two who show the same token only one is first.
    static let lockRefreshToken = Statement(
        """
        SELECT r.session_id, r.used_at IS NOT NULL AS is_used, s.user_id,
               s.ended_at IS NULL AND s.expires_at > now() AND u.suspended_at IS NULL AS is_live
        FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id JOIN users u ON u.id = s.user_id
        WHERE r.token_hash = $1 FOR UPDATE OF r, s
        """)

    static let useRefreshToken = Statement("UPDATE refresh_tokens SET used_at = now() WHERE token_hash = $1")

    static let extendSession = Statement(
        "UPDATE sessions SET expires_at = now() + $2::bigint * interval '1 second' WHERE id = $1")

    static let endSession = Statement(
        "UPDATE sessions SET ended_at = now() WHERE id = $1 AND user_id = $2 AND ended_at IS NULL RETURNING id")

    /// `$2` is one that goes on; null for none.
    static let endSessions = Statement(
        """
        UPDATE sessions SET ended_at = now()
        WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2::uuid RETURNING id
        """)

    static let setPassword = Statement("UPDATE users SET password_hash = $2 WHERE id = $1")

    /// No row comes back when `$3`, which was checked, is the password no more.
    static let replacePassword = Statement(
        """
        UPDATE users SET password_hash = $2
        WHERE id = $1 AND password_hash = $3 AND suspended_at IS NULL RETURNING id
        """)

    static let insertReset = Statement(
        """
        INSERT INTO password_resets (token_hash, user_id, expires_at)
        VALUES ($1, $2, now() + $3::bigint * interval '1 second')
        """)

    static let lockReset = Statement(
        """
        SELECT p.user_id FROM password_resets p JOIN users u ON u.id = p.user_id
        WHERE p.token_hash = $1 AND p.used_at IS NULL AND p.expires_at > now() AND u.suspended_at IS NULL
        FOR UPDATE OF p
        """)

    /// One that was used, or another one was used in its stead.
    static let useResets = Statement(
        "UPDATE password_resets SET used_at = now() WHERE user_id = $1 AND used_at IS NULL")

    static let deleteOldResets = Statement(
        "DELETE FROM password_resets WHERE expires_at < now() - interval '1 day'")
}
