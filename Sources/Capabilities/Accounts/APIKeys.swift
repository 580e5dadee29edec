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
        for organization: OrganizationID, role: Role, label: String, expiresAt: Date? = nil, actor: AuditEvent.Actor
    ) async throws -> String {
        try await database.withTenant(organization) { transaction in
            try await issue(
                role: role, label: label, expiresAt: expiresAt,
                event: AuditEvent(actor: actor, action: "api_key.create", subjectKind: "API_KEY"), in: transaction)
        }.token
    }

    /// The same inside a transaction of the organization. The event gets the key's id.
    func issue(
        role: Role, label: String, expiresAt: Date?, event: AuditEvent, in transaction: Transaction
    ) async throws -> (id: UUID, token: String) {
        let token = Token.make(prefix: Self.prefix)
        let id = UUID()
        let organization = PostgresValue(transaction.organization)
        var event = event
        event.subjectID = id
        event.purpose = role.rawValue
        _ = try await transaction.execute([
            (
                AccountQueries.insertKey,
                [
                    organization, .uuid(id), .text(label), .text(role.rawValue), .text(String(token.suffix(4))),
                    PostgresValue(expiresAt),
                ]
            ),
            (
                AccountQueries.insertLookup,
                [
                    .bytes(hash.digest(of: token)), organization, .uuid(id), .text(role.rawValue),
                    PostgresValue(expiresAt),
                ]
            ),
        ])
        try await audit.append(event, in: transaction)
        return (id, token)
    }

    /// What is known of an organization's keys; never a token.
    package struct Listed: Sendable {
        package let id: UUID
        package let label: String
        package let role: String
        package let hint: String
        package let expiresAt: Date?
        package let lastUsedAt: Date?
        package let isRevoked: Bool
    }

    package func list(of organization: OrganizationID) async throws -> [Listed] {
        try await database.read(organization, AccountQueries.keysOfOrganization, [.organization(organization)])
            .rows.map { try Self.listed($0) }
    }

    /// The keys of the platform. When they were last used is not kept.
    package func listOfPlatform() async throws -> [Listed] {
        try await database.query(as: .platform, AccountQueries.keysOfPlatform).rows.map { try Self.listed($0) }
    }

    private static func listed(_ row: PostgresRow) throws -> Listed {
        Listed(
            id: try row.requireUUID("id"), label: try row.requireString("label"),
            role: try row.requireString("role"), hint: try row.requireString("hint"),
            expiresAt: row.timestamp("expires_at"), lastUsedAt: row.timestamp("last_used_at"),
            isRevoked: !row.isNull("revoked_at"))
    }

    /// A new key of the platform, for an admin or an auditor.
    package func issueForPlatform(
        role: Role, label: String, expiresAt: Date? = nil, actor: AuditEvent.Actor
    ) async throws -> String {
        let token = Token.make(prefix: Self.prefix)
        let id = UUID()
        try await database.withTenant(.platform, as: .platform) { transaction in
            _ = try await transaction.execute(
                AccountQueries.insertPlatformKey,
                [
                    .uuid(id), .text(label), .text(role.rawValue), .text(String(token.suffix(4))),
                    PostgresValue(expiresAt),
                ])
            _ = try await transaction.execute(
                AccountQueries.insertLookup,
                [
                    .bytes(hash.digest(of: token)), .null, .uuid(id), .text(role.rawValue), PostgresValue(expiresAt),
                ])
            try await audit.append(
                AuditEvent(
                    actor: actor, action: "platform_api_key.create", subjectKind: "API_KEY", subjectID: id,
                    purpose: role.rawValue), in: transaction)
        }
        return token
    }

    /// Ends a key of the platform for good, on every node within a second.
    package func revokeForPlatform(_ id: UUID, actor: AuditEvent.Actor) async throws {
        try await database.withTenant(.platform, as: .platform) { transaction in
            guard try await transaction.execute(AccountQueries.revokePlatformKey, [.uuid(id)]).count == 1 else {
                throw AccountError.noSuchKey
            }
            _ = try await transaction.execute(AccountQueries.revokePlatformLookup, [.uuid(id)])
            try await audit.append(
                AuditEvent(actor: actor, action: "platform_api_key.revoke", subjectKind: "API_KEY", subjectID: id),
                in: transaction)
            try await announce(id, in: transaction)
        }
    }

    /// Ends a key for good, on every node within a second.
    package func revoke(
        _ id: UUID, of organization: OrganizationID, actor: AuditEvent.Actor
    ) async throws {
        try await database.withTenant(organization) { transaction in
            try await revoke(
                id, event: AuditEvent(actor: actor, action: "api_key.revoke", subjectKind: "API_KEY", subjectID: id),
                in: transaction)
        }
    }

    /// The same inside a transaction of the organization.
    func revoke(_ id: UUID, event: AuditEvent, in transaction: Transaction) async throws {
        let values: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(id)]
        guard try await transaction.execute(AccountQueries.revokeKey, values).count == 1 else {
            throw AccountError.noSuchKey
        }
        _ = try await transaction.execute(AccountQueries.revokeLookup, values)
        try await audit.append(event, in: transaction)
        try await announce(id, in: transaction)
    }

    private func announce(_ id: UUID, in transaction: Transaction) async throws {
        try await announcer.announce(
            channel: Self.channel, payload: id.uuidString.lowercased(), in: transaction)
    }

    /// The role of a key that is not revoked.
    func role(of id: UUID, in transaction: Transaction) async throws -> Role? {
        try await transaction.execute(
            AccountQueries.roleOfKey, [PostgresValue(transaction.organization), .uuid(id)]
        ).rows.first?.string("role").flatMap(Role.init(rawValue:))
    }
}
