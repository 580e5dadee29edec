import Audit
package import Foundation
import Postgres
package import QueryEngine
import Vault

/// Signing in, staying in and signing out.
package struct Sessions: Sendable {
    /// How long a session goes on without being refreshed.
    static let lifetime: Duration = .seconds(30 * 86_400)
    static let refreshPrefix: StaticString = "sb_refresh_"

    /// What somebody gets who signs in. Each of the tokens is seen this once.
    package struct Tokens: Sendable {
        package let accessToken: String
        package let accessTokenExpiresAt: Date
        package let refreshToken: String
        package let user: UUID
        package let session: UUID
    }

    let database: Database
    let announcer: Announcer
    let hash: KeyedHash
    let keys: SigningKeys
    let passwords: PasswordCheck
    let denied: DeniedAttempts
    let audit: AuditLog

    /// A wrong password, an unknown e-mail and a suspended user get the same answer, after the same work.
    package func signIn(email: String, password: String, by caller: Caller) async throws(AccountRefusal) -> Tokens {
        let user = try await passwords.user(email: email, password: password, action: "user.sign_in", by: caller)
        return try await open(for: user, by: caller)
    }

    /// A session of a user who has shown who it is. Whoever showed a password that was replaced meanwhile gets none.
    func open(for verified: VerifiedUser, by caller: Caller) async throws(AccountRefusal) -> Tokens {
        let user = verified.id
        let session = UUID()
        let refresh = Token.make(prefix: Self.refreshPrefix)
        let actor = Caller(
            kind: .user(id: user, session: session), role: .user, organization: nil, requestID: caller.requestID,
            address: caller.address)
        let opened = try await AccountRefusal.passing { () -> Tokens? in
            let isOpen = try await database.withTenant(.platform, as: .edge) { transaction in
                let opened = try await transaction.execute([
                    (SessionQueries.deleteOldSessions, [.uuid(user)]),
                    (
                        SessionQueries.insertSession,
                        [
                            .uuid(session), .uuid(user), .int(Self.lifetime.components.seconds),
                            .text(verified.passwordHash),
                        ]
                    ),
                ])
                guard opened.last?.count == 1 else { return false }
                _ = try await transaction.execute(
                    SessionQueries.insertRefreshToken, [.bytes(hash.digest(of: refresh)), .uuid(session)])
                try await audit.append(actor.event("user.sign_in", on: "SESSION", session), in: transaction)
                return true
            }
            guard isOpen else { return nil }
            return try await tokens(user: user, session: session, refresh: refresh)
        }
        guard let opened else {
            throw await passwords.refuseReplaced(user, action: "user.sign_in", by: caller)
        }
        return opened
    }

    /// A new pair for a refresh token that was not used before. One that was ends its whole session: it was stolen, or
    /// what replaced it was.
    package func refresh(_ token: String, by caller: Caller) async throws(AccountRefusal) -> Tokens {
        try await passwords.count(tokenOf: "refresh", by: caller)
        guard Token.isWellFormed(token, prefix: Self.refreshPrefix) else { throw .invalidToken }
        let old = hash.digest(of: token)
        let next = Token.make(prefix: Self.refreshPrefix)
        let outcome = try await AccountRefusal.passing { () -> Refreshed in
            try await database.withTenant(.platform, as: .edge) { transaction in
                let found = try await transaction.execute(SessionQueries.lockRefreshToken, [.bytes(old)])
                guard let row = found.rows.first else { return .refused }
                let session = try row.requireUUID("session_id")
                let user = try row.requireUUID("user_id")
                guard try row.requireBool("is_live") else { return .refused }
                if try row.requireBool("is_used") {
                    _ = try await transaction.execute(SessionQueries.endSession, [.uuid(session), .uuid(user)])
                    try await audit.append(
                        caller.event(
                            "session.refresh", outcome: .refused, on: "SESSION", session,
                            purpose: "REFRESH_TOKEN_REUSED"), in: transaction)
                    try await announce(in: transaction)
                    return .reused
                }
                _ = try await transaction.execute([
                    (SessionQueries.useRefreshToken, [.bytes(old)]),
                    (SessionQueries.insertRefreshToken, [.bytes(hash.digest(of: next)), .uuid(session)]),
                    (SessionQueries.extendSession, [.uuid(session), .int(Self.lifetime.components.seconds)]),
                ])
                return .done(user: user, session: session)
            }
        }
        switch outcome {
        case .done(let user, let session):
            return try await AccountRefusal.passing { try await tokens(user: user, session: session, refresh: next) }
        case .reused: throw .reusedToken
        case .refused: throw .invalidToken
        }
    }

    private enum Refreshed: Sendable {
        case done(user: UUID, session: UUID)
        case reused
        case refused
    }

    /// Ends one session of a user. One that has ended already stays so.
    package func end(_ session: UUID, of user: UUID, by caller: Caller) async throws {
        try await database.withTenant(.platform, as: .edge) { transaction in
            let ended = try await transaction.execute(SessionQueries.endSession, [.uuid(session), .uuid(user)])
            guard ended.count == 1 else { return }
            try await audit.append(caller.event("user.sign_out", on: "SESSION", session), in: transaction)
            try await announce(in: transaction)
        }
    }

    /// Ends every session of a user.
    package func endAll(of user: UUID, by caller: Caller) async throws {
        try await database.withTenant(.platform, as: .edge) { transaction in
            _ = try await transaction.execute(SessionQueries.endSessions, [.uuid(user), .null])
            try await audit.append(caller.event("user.sign_out_everywhere", on: "USER", user), in: transaction)
            try await announce(in: transaction)
        }
    }

    /// Every node hears of ended sessions as they are committed.
    private func announce(in transaction: Transaction) async throws {
        try await announcer.announce(channel: APIKeys.channel, payload: "session", in: transaction)
    }

    private func tokens(user: UUID, session: UUID, refresh: String) async throws -> Tokens {
        let token = AccessToken(user: user, session: session)
        return Tokens(
            accessToken: token.signed(by: try await keys.current()),
            accessTokenExpiresAt: Date(timeIntervalSince1970: Double(token.expiresAt)), refreshToken: refresh,
            user: user, session: session)
    }
}
