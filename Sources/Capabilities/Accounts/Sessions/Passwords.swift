import Audit
import Foundation
import Postgres
package import QueryEngine
import Vault

/// Choosing another password: by the one in force, or by a token that was delivered.
package struct Passwords: Sendable {
    /// How long a reset may be taken up.
    package static let resetLifetime: Duration = .seconds(3_600)
    static let resetPrefix: StaticString = "sb_reset_"

    let database: Database
    let announcer: Announcer
    let hash: KeyedHash
    let check: PasswordCheck
    let desk: PasswordResetDesk
    let audit: AuditLog

    /// Puts a reset on its way. The answer is the same, and as quick, whether there is such a user or not: what depends
    /// on it is done later.
    package func requestReset(email: String, by caller: Caller) async throws(AccountRefusal) {
        let email = Email.normalized(email)
        try await check.count(reset: email, by: caller)
        desk.take(PasswordResetDesk.Wish(email: email, caller: caller))
    }

    /// Sets the password of whoever the token was made for, and ends all of their sessions.
    package func reset(token: String, password: String, by caller: Caller) async throws(AccountRefusal) {
        try await check.count(tokenOf: "reset", by: caller)
        guard Token.isWellFormed(token, prefix: Self.resetPrefix) else { throw .invalidToken }
        guard PasswordRule.isMet(by: password) else { throw .weakPassword }
        let hashed = try await check.hash(password)
        let digest = hash.digest(of: token)
        let isDone = try await AccountRefusal.passing {
            try await database.withTenant(.platform, as: .edge) { transaction in
                let found = try await transaction.execute(SessionQueries.lockReset, [.bytes(digest)])
                guard let user = found.rows.first?.uuid("user_id") else { return false }
                _ = try await transaction.execute([
                    (SessionQueries.useResets, [.uuid(user)]),
                    (SessionQueries.setPassword, [.uuid(user), .text(hashed)]),
                    (SessionQueries.endSessions, [.uuid(user), .null]),
                ])
                try await audit.append(caller.event("user.reset_password", on: "USER", user), in: transaction)
                try await announcer.announce(channel: APIKeys.channel, payload: "session", in: transaction)
                return true
            }
        }
        guard isDone else { throw .invalidToken }
    }

    /// Sets another password for who is signed in, and ends every other session.
    package func change(current: String, new: String, by caller: Caller) async throws(AccountRefusal) {
        guard case .user(let user, let session) = caller.kind else { throw .notAUser }
        guard PasswordRule.isMet(by: new) else { throw .weakPassword }
        let verified = try await check.verified(user, password: current, action: "user.change_password", by: caller)
        let hashed = try await check.hash(new)
        let isDone = try await AccountRefusal.passing {
            try await database.withTenant(.platform, as: .edge) { transaction in
                let replaced = try await transaction.execute(
                    SessionQueries.replacePassword, [.uuid(user), .text(hashed), .text(verified.passwordHash)])
                guard replaced.count == 1 else { return false }
                // Signed out meanwhile, perhaps because somebody else sat there.
                let live = try await transaction.execute(SessionQueries.lockSession, [.uuid(session), .uuid(user)])
                guard live.count == 1 else { throw AccountRefusal.signedOut }
                _ = try await transaction.execute([
                    (SessionQueries.endSessions, [.uuid(user), .uuid(session)]),
                    (SessionQueries.useResets, [.uuid(user)]),
                ])
                try await audit.append(caller.event("user.change_password", on: "USER", user), in: transaction)
                try await announcer.announce(channel: APIKeys.channel, payload: "session", in: transaction)
                return true
            }
        }
        guard isDone else {
            throw await check.refuseReplaced(user, action: "user.change_password", by: caller)
        }
    }
}
