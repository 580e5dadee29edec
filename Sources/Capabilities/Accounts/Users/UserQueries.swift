import Postgres

/// The SQL of users, memberships and invitations.
enum UserQueries {
    // MARK: As switchboard_platform

    static let insertUser = Statement(
        """
        INSERT INTO users (id, email, name, password_hash, platform_role) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (email) DO NOTHING RETURNING id
        """)

    static let findUser = Statement("SELECT id, name, platform_role, suspended_at FROM users WHERE email = $1")

    static let users = Statement(
        "SELECT id, email, name, platform_role, suspended_at FROM users WHERE email > $1 ORDER BY email LIMIT 1000")

    static let suspend = Statement(
        """
        UPDATE users SET suspended_at = CASE WHEN $2 THEN coalesce(suspended_at, now()) END WHERE id = $1 RETURNING id
        """)

    static let endSessions = Statement("UPDATE sessions SET ended_at = now() WHERE user_id = $1 AND ended_at IS NULL")

    static let setPlatformRole = Statement("UPDATE users SET platform_role = $2 WHERE id = $1 RETURNING id")

    // MARK: As switchboard_edge

    static let insertInvited = Statement(
        """
        INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4)
        ON CONFLICT (email) DO NOTHING RETURNING id
        """)

    static let insertMembership = Statement(
        """
        INSERT INTO memberships (org_id, id, user_id, role, email, name) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (org_id, user_id) DO NOTHING RETURNING id
        """)

    static let lockInvitation = Statement(
        """
        SELECT i.org_id, i.id, i.email, i.role FROM invitations i JOIN organizations o ON o.id = i.org_id
        WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
          AND o.suspended_at IS NULL
        """)

    /// An invitation is good for as long as its inviter could still make it. What a subject of an issuer may do stands in
    /// tokens that are not here, so of these the issuer must still be one.
    static let acceptInvitation = Statement(
        """
        UPDATE invitations i SET accepted_at = now()
        WHERE i.org_id = $1 AND i.id = $2 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
          AND CASE i.inviter_kind
            WHEN 'USER' THEN EXISTS (
              SELECT FROM memberships m JOIN users u ON u.id = m.user_id AND u.suspended_at IS NULL
              WHERE m.org_id = $1 AND m.user_id = i.inviter_id
                AND array_position(ARRAY['VIEWER', 'AGENT', 'ADMIN', 'OWNER'], m.role)
                  >= greatest(array_position(ARRAY['VIEWER', 'AGENT', 'ADMIN', 'OWNER'], i.role), 3))
            WHEN 'API_KEY' THEN EXISTS (
              SELECT FROM api_key_lookups k WHERE k.org_id = $1 AND k.api_key_id = i.inviter_id
                AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()))
            ELSE EXISTS (
              SELECT FROM issuer_subjects s JOIN issuers o ON o.org_id = $1 AND o.id = s.issuer_id
              WHERE s.org_id = $1 AND s.id = i.inviter_id AND o.removed_at IS NULL)
          END
        RETURNING i.id
        """)

    static let membershipsOfUser = Statement(
        """
        SELECT m.id, m.role, o.id AS org_id, o.slug, o.name
        FROM memberships m JOIN organizations o ON o.id = m.org_id AND o.suspended_at IS NULL
        WHERE m.user_id = $1 ORDER BY o.name, o.id
        """)

    // MARK: As switchboard_tenant

    static let insertInvitation = Statement(
        """
        INSERT INTO invitations (org_id, id, token_hash, email, role, inviter_kind, inviter_id, expires_at)
        VALUES ($1, $2, $3, $4, $5, $7, $8, now() + $6::bigint * interval '1 second')
        """)

    static let lockInvitationOfOrganization = Statement(
        """
        SELECT role FROM invitations
        WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL FOR UPDATE
        """)

    static let revokeInvitation = Statement(
        """
        UPDATE invitations SET revoked_at = now()
        WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL RETURNING id
        """)

    static let isMember = Statement("SELECT id FROM memberships WHERE org_id = $1 AND email = $2")

    /// All owners are locked with the member, so that two cannot both cease to be the last but one.
    static let lockMember = Statement(
        """
        SELECT id, user_id, role FROM memberships WHERE org_id = $1 AND (id = $2 OR role = 'OWNER') ORDER BY id FOR UPDATE
        """)

    static let setRole = Statement("UPDATE memberships SET role = $3 WHERE org_id = $1 AND id = $2")

    /// What they were to answer is nobody's again. Locked in the order of the contacts, as by whoever writes in several.
    static let removeMember = Statement(
        """
        WITH theirs AS MATERIALIZED (
          SELECT id FROM conversations WHERE org_id = $1 AND assigned_to = $2 ORDER BY contact_id FOR NO KEY UPDATE
        ), freed AS (
          UPDATE conversations SET assigned_to = NULL
          WHERE org_id = $1 AND id = ANY (ARRAY(SELECT id FROM theirs)) RETURNING id
        ), noted AS (
          INSERT INTO changes (org_id, kind, subject_id) SELECT $1, 'conversation', id FROM freed
        )
        DELETE FROM memberships WHERE org_id = $1 AND id = $2
        """)
}
