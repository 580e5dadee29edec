import Audit
import Foundation
import Postgres
import QueryEngine
import Vault

/// A user who has shown the password, and the hash that it was checked against. Hashing takes its time, so whoever acts
/// on it asks in the same transaction whether this hash is still the one in force.
struct VerifiedUser: Sendable {
    let id: UUID
    let passwordHash: String
}

/// Every place where a password is asked: each try counts, by address and by account, wherever in a request it stands.
package struct PasswordCheck: Sendable {
    let database: Database
    let hasher: PasswordHasher
    let limiter: RateLimiter
    let limits: AccountLimits
    let denied: DeniedAttempts

    /// The user of this e-mail, if the password is right.
    func user(
        email: String, password: String, action: String, by caller: Caller
    ) async throws(AccountRefusal) -> VerifiedUser {
        let email = Email.normalized(email)
        try await count(account: email, by: caller)
        let row = try await AccountRefusal.passing {
            try await database.query(as: .edge, SessionQueries.findUser, [.text(email)])
        }.rows.first
        let isRight = try await verify(password, against: row?.string("password_hash"))
        guard isRight, let user = row?.uuid("id"), let hash = row?.string("password_hash") else {
            await denied.record(
                caller.event(
                    action, outcome: .refused, on: "USER", row?.uuid("id"),
                    purpose: row == nil ? "UNKNOWN_EMAIL" : "WRONG_PASSWORD"))
            throw .wrongCredentials
        }
        return VerifiedUser(id: user, passwordHash: hash)
    }

    /// A user who is signed in, if this is the password.
    func verified(
        _ user: UUID, password: String, action: String, by caller: Caller
    ) async throws(AccountRefusal) -> VerifiedUser {
        let row = try await AccountRefusal.passing {
            try await database.query(as: .edge, SessionQueries.findUserByID, [.uuid(user)])
        }.rows.first
        try await count(account: row?.string("email") ?? "", by: caller)
        let isRight = try await verify(password, against: row?.string("password_hash"))
        guard isRight, let hash = row?.string("password_hash") else {
            await denied.record(
                caller.event(action, outcome: .refused, on: "USER", user, purpose: "WRONG_PASSWORD"))
            throw .wrongCredentials
        }
        return VerifiedUser(id: user, passwordHash: hash)
    }

    /// The password was right when it was checked, and was replaced before what it was shown for was done.
    func refuseReplaced(_ user: UUID, action: String, by caller: Caller) async -> AccountRefusal {
        await denied.record(
            caller.event(action, outcome: .refused, on: "USER", user, purpose: "PASSWORD_REPLACED"))
        return .wrongCredentials
    }

    func hash(_ password: String) async throws(AccountRefusal) -> String {
        guard let secret = Self.secret(password) else { throw .weakPassword }
        do {
            return try await hasher.hash(secret)
        } catch {
            throw .busy
        }
    }

    /// A try with a token, which cannot be guessed; it is counted so that trying stays cheap for us.
    func count(tokenOf kind: String, by caller: Caller) async throws(AccountRefusal) {
        try await count(
            [.init("\(kind):address:\(AddressGroup.name(of: caller.address))", limits.tokensByAddress)], by: caller)
    }

    func count(reset email: String, by caller: Caller) async throws(AccountRefusal) {
        try await count(
            [
                .init("reset:address:\(AddressGroup.name(of: caller.address))", limits.resetByAddress),
                .init("reset:account:\(email)", limits.resetByAccount),
            ], by: caller)
    }

    func count(invitationOf organization: OrganizationID, by caller: Caller) async throws(AccountRefusal) {
        try await count([.init("invite:organization:\(organization)", limits.invitationsByOrganization)], by: caller)
    }

    private func count(account email: String, by caller: Caller) async throws(AccountRefusal) {
        try await count(
            [
                .init("sign-in:address:\(AddressGroup.name(of: caller.address))", limits.signInByAddress),
                .init("sign-in:account:\(email)", limits.signInByAccount),
            ], by: caller)
    }

    private func count(_ buckets: [RateLimiter.Bucket], by caller: Caller) async throws(AccountRefusal) {
        let wait = try await AccountRefusal.passing { try await limiter.take(of: buckets) }
        guard let wait else { return }
        await denied.record(caller.event("limit.exceeded", outcome: .refused, on: "REQUEST"))
        throw .tooManyAttempts(wait)
    }

    private func verify(_ password: String, against hash: String?) async throws(AccountRefusal) -> Bool {
        // What cannot be anybody's password takes as long as what could be.
        let secret = Self.secret(password)
        guard let tried = secret ?? Self.secret("nobody's password") else { throw .busy }
        do {
            return try await hasher.verify(tried, against: secret == nil ? nil : hash)
        } catch {
            throw .busy
        }
    }

    private static func secret(_ password: String) -> SharedSecret? {
        guard (1...1_024).contains(password.utf8.count) else { return nil }
        return try? SharedSecret(Secret(password))
    }
}

/// What people sign in with.
enum Email {
    /// As it is stored and compared: in lower case, without space around it. Not checked.
    static func normalized(_ text: String) -> String {
        String(text.trimmingCharacters(in: .whitespaces).lowercased().prefix(300))
    }

    /// Whether it could be one: something, one `@`, a domain. Whether anybody reads it is another question.
    static func isPlausible(_ normalized: String) -> Bool {
        let parts = normalized.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && (3...254).contains(normalized.unicodeScalars.count) && !parts[0].isEmpty
            && !parts[1].isEmpty && parts[1].first != "." && parts[1].last != "."
            && normalized.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    }
}

/// What a password must be: long. Nothing else makes one better.
enum PasswordRule {
    static let expectation = "Expected 12 to 256 characters."

    static func isMet(by password: String) -> Bool {
        (12...256).contains(password.unicodeScalars.count) && password.utf8.count <= 1_024
            && !password.utf8.contains(0)
    }
}
