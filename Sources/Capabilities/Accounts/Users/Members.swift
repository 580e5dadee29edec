import Audit
package import Foundation
package import Postgres
package import QueryEngine
import Vault

/// Who belongs to an organization, and as what. Nobody gives, changes or takes a role above their own, and an
/// organization keeps at least one owner.
package struct Members: Sendable {
    static let invitePrefix: StaticString = "sb_invite_"
    static let inviteLifetime: Duration = .seconds(7 * 86_400)

    let database: Database
    let announcer: Announcer
    let hash: KeyedHash
    let check: PasswordCheck
    let sessions: Sessions
    let audit: AuditLog

    // MARK: Invitations

    /// Writes an invitation inside a transaction of the organization, and gives its token, which is seen this once.
    ///
    /// Switchboard sends no mail: whoever invites brings the token to the one who is invited. It proves nothing about a
    /// mailbox, so it never touches the password of a user that there is already.
    func invite(
        email: String, role: Role, by caller: Caller, in transaction: Transaction
    ) async throws -> (id: UUID, token: String) {
        guard let organization = transaction.organization else { throw AccountRefusal.notFound("organization") }
        guard role.isOfOrganization, role <= caller.role else { throw AccountRefusal.roleTooHigh }
        let member = try await transaction.execute(
            UserQueries.isMember, [.organization(organization), .text(email)])
        guard member.count == 0 else { throw AccountRefusal.alreadyMember }
        let inviter: (kind: String, id: UUID)
        switch caller.kind {
        case .apiKey(let id): inviter = ("API_KEY", id)
        case .user(let id, _): inviter = ("USER", id)
        case .subject(let id, _): inviter = ("SUBJECT", id)
        case .anonymous: throw AccountRefusal.roleTooHigh
        }
        let id = UUID()
        let token = Token.make(prefix: Self.invitePrefix)
        _ = try await transaction.execute(
            UserQueries.insertInvitation,
            [
                .organization(organization), .uuid(id), .bytes(hash.digest(of: token)), .text(email),
                .text(role.rawValue), .int(Self.inviteLifetime.components.seconds),
                .text(inviter.kind), .uuid(inviter.id),
            ])
        try await audit.append(
            caller.event("invitation.create", on: "INVITATION", id, purpose: role.rawValue), in: transaction)
        return (id, token)
    }

    /// Takes an invitation up. A user that there is already shows the password in force; another one comes to be with
    /// the password given.
    func accept(
        token: String, password: String, name: String?, by caller: Caller
    ) async throws(AccountRefusal) -> VerifiedUser {
        try await check.count(tokenOf: "invitation", by: caller)
        guard Token.isWellFormed(token, prefix: Self.invitePrefix) else { throw .invalidToken }
        let found = try await AccountRefusal.passing {
            try await database.query(as: .edge, UserQueries.lockInvitation, [.bytes(hash.digest(of: token))])
        }
        guard let row = found.rows.first, let email = row.string("email"), let id = row.uuid("id"),
            let organization = row.uuid("org_id").map({ OrganizationID($0) }), let role = row.string("role")
        else { throw .invalidToken }
        // Asked of everybody, before it is known whether there is such a user: the answer does not tell.
        let chosenName = (name ?? email).trimmingCharacters(in: .whitespaces)
        guard (1...200).contains(chosenName.unicodeScalars.count), !chosenName.utf8.contains(0) else {
            throw .invalidName
        }
        guard PasswordRule.isMet(by: password) else { throw .weakPassword }
        let known = try await AccountRefusal.passing {
            try await database.query(as: .edge, SessionQueries.findAnyUser, [.text(email)])
        }.rows.first
        let user: VerifiedUser
        let newcomer: (name: String, hash: String)?
        if known != nil {
            user = try await check.user(
                email: email, password: password, action: "invitation.accept", by: caller)
            newcomer = nil
        } else {
            let hashed = try await check.hash(password)
            user = VerifiedUser(id: UUID(), passwordHash: hashed)
            newcomer = (chosenName, hashed)
        }
        let name = newcomer?.name ?? known?.string("name") ?? email
        try await AccountRefusal.passing {
            try await database.withTenant(organization, as: .edge) { transaction in
                let accepted = try await transaction.execute(
                    UserQueries.acceptInvitation, [.organization(organization), .uuid(id)])
                guard accepted.count == 1 else { throw AccountRefusal.invalidToken }
                if let newcomer {
                    let inserted = try await transaction.execute(
                        UserQueries.insertInvited,
                        [.uuid(user.id), .text(email), .text(newcomer.name), .text(newcomer.hash)])
                    // Somebody came to be in the meantime: their password is asked for now.
                    guard inserted.count == 1 else { throw AccountRefusal.wrongCredentials }
                } else {
                    let held = try await transaction.execute(
                        SessionQueries.holdPassword, [.uuid(user.id), .text(user.passwordHash)])
                    guard held.count == 1 else { throw AccountRefusal.wrongCredentials }
                }
                try await insert(user.id, email: email, name: name, role: role, in: transaction)
                let actor = Caller(
                    kind: .user(id: user.id, session: user.id), role: .user, organization: organization,
                    requestID: caller.requestID, address: caller.address)
                try await audit.append(actor.event("invitation.accept", on: "INVITATION", id), in: transaction)
                try await announce(in: transaction)
            }
        }
        return user
    }

    private func insert(
        _ user: UUID, email: String, name: String, role: String, in transaction: Transaction
    ) async throws {
        guard let organization = transaction.organization else { throw AccountRefusal.notFound("organization") }
        let inserted = try await transaction.execute(
            UserQueries.insertMembership,
            [.organization(organization), .uuid(UUID()), .uuid(user), .text(role), .text(email), .text(name)])
        guard inserted.count == 1 else { throw AccountRefusal.alreadyMember }
    }

    func revokeInvitation(_ id: UUID, by caller: Caller, in transaction: Transaction) async throws {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(id)]
        let open = try await transaction.execute(UserQueries.lockInvitationOfOrganization, key)
        guard let role = open.rows.first?.string("role").flatMap(Role.init(rawValue:)) else {
            throw AccountRefusal.notFound("open invitation")
        }
        guard role <= caller.role else { throw AccountRefusal.roleTooHigh }
        _ = try await transaction.execute(UserQueries.revokeInvitation, key)
        try await audit.append(caller.event("invitation.revoke", on: "INVITATION", id), in: transaction)
    }

    // MARK: Members

    /// An administrator at the command line makes somebody a member.
    package func add(
        _ user: UUID, email: String, name: String, role: Role, to organization: OrganizationID
    ) async throws {
        try await database.withTenant(organization, as: .edge) { transaction in
            try await insert(user, email: email, name: name, role: role.rawValue, in: transaction)
            try await audit.append(
                AuditEvent(
                    actor: .commandLine, action: "membership.create", subjectKind: "USER", subjectID: user,
                    purpose: role.rawValue), in: transaction)
            try await announce(in: transaction)
        }
    }

    func setRole(_ role: Role, of member: UUID, by caller: Caller, in transaction: Transaction) async throws {
        let (current, owners) = try await lock(member, in: transaction)
        guard role.isOfOrganization, current <= caller.role, role <= caller.role else {
            throw AccountRefusal.roleTooHigh
        }
        guard current != .owner || role == .owner || owners > 1 else { throw AccountRefusal.lastOwner }
        _ = try await transaction.execute(
            UserQueries.setRole, [PostgresValue(transaction.organization), .uuid(member), .text(role.rawValue)])
        try await audit.append(
            caller.event("membership.update", on: "MEMBERSHIP", member, purpose: role.rawValue), in: transaction)
        try await announce(in: transaction)
    }

    func remove(_ member: UUID, by caller: Caller, in transaction: Transaction) async throws {
        let (current, owners) = try await lock(member, in: transaction)
        guard current <= caller.role else { throw AccountRefusal.roleTooHigh }
        guard current != .owner || owners > 1 else { throw AccountRefusal.lastOwner }
        _ = try await transaction.execute(
            UserQueries.removeMember, [PostgresValue(transaction.organization), .uuid(member)])
        try await audit.append(caller.event("membership.remove", on: "MEMBERSHIP", member), in: transaction)
        try await announce(in: transaction)
    }

    /// The member's role, and how many owners there are.
    private func lock(_ member: UUID, in transaction: Transaction) async throws -> (role: Role, owners: Int) {
        let rows = try await transaction.execute(
            UserQueries.lockMember, [PostgresValue(transaction.organization), .uuid(member)]
        ).rows
        guard let role = rows.first(where: { $0.uuid("id") == member })?.string("role").flatMap(Role.init(rawValue:))
        else { throw AccountRefusal.notFound("member") }
        return (role, rows.count { $0.string("role") == Role.owner.rawValue })
    }

    /// Every node hears of the change as it is committed.
    private func announce(in transaction: Transaction) async throws {
        try await announcer.announce(channel: APIKeys.channel, payload: "membership", in: transaction)
    }
}
