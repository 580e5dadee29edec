package import Audit
package import Foundation
package import Logging
package import Postgres
import QueryEngine
import ServiceLifecycle
package import Vault

/// A way to bring a reset to the user's own mailbox. Switchboard sends no mail by itself.
package protocol PasswordResetDelivery: Sendable {
    /// - Parameter token: works once, within ``Passwords/resetLifetime``. Never to be logged.
    func deliver(token: String, to email: String, expiresAt: Date) async throws
}

/// Makes and delivers resets behind the back of who asked for them, so that no answer tells whether there is such a
/// user. Wishes that come faster than they can be delivered are dropped.
package final class PasswordResetDesk: Service, Sendable {
    struct Wish: Sendable {
        let email: String
        let caller: Caller
    }

    private let database: Database
    private let hash: KeyedHash
    private let audit: AuditLog
    private let delivery: (any PasswordResetDelivery)?
    private let logger: Logger
    private let wishes: AsyncStream<Wish>
    private let entry: AsyncStream<Wish>.Continuation

    /// - Parameter delivery: without one nothing is delivered, and an administrator prints a token at the command line.
    package init(
        database: Database, hash: KeyedHash, audit: AuditLog, delivery: (any PasswordResetDelivery)?, logger: Logger
    ) {
        self.database = database
        self.hash = hash
        self.audit = audit
        self.delivery = delivery
        self.logger = logger
        (wishes, entry) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(256))
    }

    func take(_ wish: Wish) {
        entry.yield(wish)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            for await wish in self.wishes {
                do {
                    try await self.carryOut(wish)
                } catch {
                    self.logger.warning(
                        "a password reset could not be delivered",
                        metadata: ["request": "\(wish.caller.requestID)", "reason": "\(type(of: error))"])
                }
            }
        }
    }

    private func carryOut(_ wish: Wish) async throws {
        let found = try await database.query(as: .edge, SessionQueries.findUser, [.text(wish.email)])
        guard let user = found.rows.first?.uuid("id") else { return }
        guard let delivery else {
            logger.warning(
                "a password reset was asked for, and no SWITCHBOARD_RESET_HOOK is set; see `switchboard user reset-password`",
                metadata: ["request": "\(wish.caller.requestID)"])
            return
        }
        let token = Token.make(prefix: Passwords.resetPrefix)
        let lifetime = Passwords.resetLifetime.components.seconds
        try await database.withTenant(.platform, as: .edge) { transaction in
            _ = try await transaction.execute([
                (SessionQueries.deleteOldResets, []),
                (SessionQueries.insertReset, [.bytes(hash.digest(of: token)), .uuid(user), .int(lifetime)]),
            ])
            try await audit.append(wish.caller.event("user.request_password_reset", on: "USER", user), in: transaction)
        }
        try await delivery.deliver(
            token: token, to: wish.email, expiresAt: Date(timeIntervalSinceNow: Double(lifetime)))
    }
}
