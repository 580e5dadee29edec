package import Audit
package import Foundation
package import Postgres
package import QueryEngine
package import Vault

/// Bearer tokens of organizations and of the platform: shown once, stored as a keyed hash.
package struct APIKeys: Sendable {
    /// What every token begins with, so that scanners can find one that leaked.
    static let prefix: StaticString = "sb_live_"
    /// Announces revocations to every node; the payload is the key's id.
    package static let channel = "switchboard_access"
    /// The purpose of the platform key that hashes tokens.
    package static let hashPurpose = "api-key-hash"

    private let database: Database
    private let announcer: Announcer
    private let hash: KeyedHash
    private let audit: AuditLog

    package init(database: Database, announcer: Announcer, hash: KeyedHash, audit: AuditLog) {
        self.database = database
        self.announcer = announcer
        self.hash = hash
        self.audit = audit
    }

    /// A new key of an organization. The answer is the only time that the token is seen.
    package func issue(
        for organization: OrganizationID, role: Role, label: String, actor: AuditEvent.Actor
    ) async throws -> String {
        let token = Token.make(prefix: Self.prefix)
        let id = UUID()
        try await database.withTenant(organization) { transaction in
            _ = try await transaction.execute(
                AccountQueries.insertKey,
                [
                    .organization(organization), .uuid(id), .text(label), .text(role.rawValue),
                    .text(String(token.suffix(4))),
                ])
            _ = try await transaction.execute(
                AccountQueries.insertLookup,
                [.bytes(hash.digest(of: token)), .organization(organization), .uuid(id), .text(role.rawValue)])
            try await audit.append(
                AuditEvent(actor: actor, action: "api_key.create", subjectKind: "API_KEY", subjectID: id),
                in: transaction)
        }
        return token
    }

    /// A new key of the platform, for an admin or an auditor.
    package func issueForPlatform(
        role: Role, label: String, actor: AuditEvent.Actor
    ) async throws -> String {
        let token = Token.make(prefix: Self.prefix)
        let id = UUID()
        try await database.withTenant(.platform, as: .platform) { transaction in
            _ = try await transaction.execute(
                AccountQueries.insertPlatformKey,
                [.uuid(id), .text(label), .text(role.rawValue), .text(String(token.suffix(4)))])
            _ = try await transaction.execute(
                AccountQueries.insertLookup,
                [.bytes(hash.digest(of: token)), .null, .uuid(id), .text(role.rawValue)])
            try await audit.append(
                AuditEvent(actor: actor, action: "platform_api_key.create", subjectKind: "API_KEY", subjectID: id),
                in: transaction)
        }
        return token
    }

    /// Ends a key for good, on every node within a second.
    package func revoke(
        _ id: UUID, of organization: OrganizationID, actor: AuditEvent.Actor
    ) async throws {
        try await database.withTenant(organization) { transaction in
            let values: [PostgresValue] = [.organization(organization), .uuid(id)]
            guard try await transaction.execute(AccountQueries.revokeKey, values).count == 1 else {
                throw AccountError.noSuchKey
            }
            _ = try await transaction.execute(AccountQueries.revokeLookup, values)
            try await audit.append(
                AuditEvent(actor: actor, action: "api_key.revoke", subjectKind: "API_KEY", subjectID: id),
                in: transaction)
        }
        announcer.announce(channel: Self.channel, payload: id.uuidString.lowercased())
    }
}
