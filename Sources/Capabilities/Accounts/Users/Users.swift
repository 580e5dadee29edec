import Audit
package import Foundation
import Postgres
package import QueryEngine
import Vault

/// The users of an installation, as an administrator at the command line keeps them.
package struct Users: Sendable {
    package struct User: Sendable {
        package let id: UUID
        package let email: String
        package let name: String
        package let platformRole: Role?
        package let isSuspended: Bool
    }

    let database: Database
    let announcer: Announcer
    let hash: KeyedHash
    let hasher: PasswordHasher
    let audit: AuditLog

    /// - Parameter password: without one, the user chooses it by a reset.
    package func create(
        email: String, name: String?, password: String?, platformRole: Role?
    ) async throws -> UUID {
        let email = Email.normalized(email)
        guard Email.isPlausible(email) else { throw AccountError.invalidEmail(email) }
        let name = name ?? email
        guard (1...200).contains(name.unicodeScalars.count) else { throw AccountError.invalidName }
        var hashed: String?
        if let password {
            guard PasswordRule.isMet(by: password) else { throw AccountError.weakPassword }
            hashed = try await hasher.hash(SharedSecret(try Secret(password)))
        }
        let id = UUID()
        try await database.withTenant(.platform, as: .platform) { transaction in
            let inserted = try await transaction.execute(
                UserQueries.insertUser,
                [
                    .uuid(id), .text(email), .text(name), PostgresValue(hashed),
                    PostgresValue(platformRole?.rawValue),
                ])
            guard inserted.count == 1 else { throw AccountError.emailTaken(email) }
            try await audit.append(
                AuditEvent(
                    actor: .commandLine, action: "user.create", subjectKind: "USER", subjectID: id,
                    purpose: platformRole?.rawValue), in: transaction)
        }
        return id
    }

    package func find(email: String) async throws -> User? {
        let email = Email.normalized(email)
        return try await database.query(as: .platform, UserQueries.findUser, [.text(email)]).rows.first.map {
            User(
                id: try $0.requireUUID("id"), email: email, name: try $0.requireString("name"),
                platformRole: $0.string("platform_role").flatMap(Role.init(rawValue:)),
                isSuspended: !$0.isNull("suspended_at"))
        }
    }

    /// A thousand at most, in the order of their e-mails.
    package func list(after email: String = "") async throws -> [User] {
        try await database.query(as: .platform, UserQueries.users, [.text(email)]).rows.map {
            User(
                id: try $0.requireUUID("id"), email: try $0.requireString("email"), name: try $0.requireString("name"),
                platformRole: $0.string("platform_role").flatMap(Role.init(rawValue:)),
                isSuspended: !$0.isNull("suspended_at"))
        }
    }

    /// A suspended user is signed out everywhere and cannot sign in.
    package func suspend(_ user: UUID, _ isSuspended: Bool) async throws {
        try await change(user, isSuspended ? "user.suspend" : "user.resume") { transaction in
            _ = try await transaction.execute(UserQueries.suspend, [.uuid(user), .bool(isSuspended)])
            if isSuspended { _ = try await transaction.execute(UserQueries.endSessions, [.uuid(user)]) }
        }
    }

    /// - Parameter role: of the platform; `nil` takes it.
    package func setPlatformRole(_ role: Role?, of user: UUID) async throws {
        try await change(user, "user.set_platform_role", purpose: role?.rawValue ?? "NONE") { transaction in
            _ = try await transaction.execute(
                UserQueries.setPlatformRole, [.uuid(user), PostgresValue(role?.rawValue)])
        }
    }

    /// A token by which the user chooses a password. It is seen this once.
    package func makeReset(for user: UUID) async throws -> String {
        let token = Token.make(prefix: Passwords.resetPrefix)
        try await change(user, "user.make_password_reset") { transaction in
            _ = try await transaction.execute(
                SessionQueries.insertReset,
                [
                    .bytes(hash.digest(of: token)), .uuid(user), .int(Passwords.resetLifetime.components.seconds),
                ])
        }
        return token
    }

    private func change(
        _ user: UUID, _ action: String, purpose: String? = nil, _ body: (Transaction) async throws -> Void
    ) async throws {
        try await database.withTenant(.platform, as: .platform) { transaction in
            try await body(transaction)
            try await audit.append(
                AuditEvent(
                    actor: .commandLine, action: action, subjectKind: "USER", subjectID: user, purpose: purpose),
                in: transaction)
            try await announcer.announce(channel: APIKeys.channel, payload: "user", in: transaction)
        }
    }
}
