package import Audit
import Foundation
package import Postgres

/// The directory of organizations, as the platform keeps it.
package struct Organizations: Sendable {
    private let database: Database
    private let announcer: Announcer?
    private let audit: AuditLog

    /// - Parameter announcer: tells every node of a suspension.
    package init(database: Database, announcer: Announcer? = nil, audit: AuditLog) {
        self.database = database
        self.announcer = announcer
        self.audit = audit
    }

    package struct Listed: Sendable {
        package let id: OrganizationID
        package let slug: String
        package let name: String
        package let isSuspended: Bool
    }

    /// A thousand at most, in the order of their slugs.
    package func list(after slug: String = "") async throws -> [Listed] {
        try await database.query(as: .platform, AccountQueries.organizations, [.text(slug)]).rows.map { row in
            Listed(
                id: OrganizationID(try row.requireUUID("id")), slug: try row.requireString("slug"),
                name: try row.requireString("name"), isSuspended: !row.isNull("suspended_at"))
        }
    }

    /// The keys and members of a suspended organization are let in no more; what it has queued still goes out.
    package func suspend(_ organization: OrganizationID, _ isSuspended: Bool) async throws {
        try await database.withTenant(organization, as: .platform) { transaction in
            _ = try await transaction.execute(
                AccountQueries.suspendOrganization, [.organization(organization), .bool(isSuspended)])
            try await audit.append(
                AuditEvent(
                    actor: .commandLine, action: isSuspended ? "organization.suspend" : "organization.resume",
                    subjectKind: "ORGANIZATION", subjectID: organization.uuid), in: transaction)
            try await announcer?.announce(channel: APIKeys.channel, payload: "organization", in: transaction)
        }
    }

    /// Makes an organization. Throws ``AccountError`` for a slug or name that does not serve.
    package func create(slug: String, name: String) async throws -> OrganizationID {
        guard Self.isSlug(slug) else { throw AccountError.invalidSlug(slug) }
        guard (1...200).contains(name.unicodeScalars.count) else { throw AccountError.invalidName }
        let id = UUID()
        try await database.withTenant(OrganizationID(id), as: .platform) { transaction in
            let inserted = try await transaction.execute(
                AccountQueries.insertOrganization, [.uuid(id), .text(slug), .text(name)])
            guard inserted.count == 1 else { throw AccountError.slugTaken(slug) }
            try await audit.append(
                AuditEvent(
                    actor: .commandLine, action: "organization.create", subjectKind: "ORGANIZATION", subjectID: id),
                in: transaction)
        }
        return OrganizationID(id)
    }

    package func find(slug: String) async throws -> OrganizationID? {
        try await Self.find(slug: slug, in: database)
    }

    package static func find(slug: String, in database: Database) async throws -> OrganizationID? {
        let found = try await database.query(as: .platform, AccountQueries.findOrganization, [.text(slug)])
        return try found.rows.first.map { OrganizationID(try $0.requireUUID("id")) }
    }

    /// The slug of every organization.
    package func slugs() async throws -> [OrganizationID: String] {
        let rows = try await database.query(as: .platform, AccountQueries.slugs).rows
        return Dictionary(
            uniqueKeysWithValues: try rows.map {
                (OrganizationID(try $0.requireUUID("id")), try $0.requireString("slug"))
            })
    }

    /// Mirrors the CHECK on `organizations.slug`.
    private static func isSlug(_ text: String) -> Bool {
        let isPlain: (UInt8) -> Bool = {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        return (1...63).contains(text.utf8.count) && text.utf8.first.map(isPlain) == true
            && text.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
    }
}
