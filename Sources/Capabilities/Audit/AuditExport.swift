package import Foundation
package import Postgres

/// The log of one organization as lines of JSON, oldest first.
package struct AuditExport: Sendable {
    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    private struct Line: Encodable {
        let organization: String?
        let id: String
        /// RFC 3339, with microseconds, as the API has it.
        let occurredAt: String
        let actorKind: String
        let actorId: String?
        let action: String
        let outcome: String
        let subjectKind: String
        let subjectId: String?
        let purpose: String?
        let requestId: String?
        let source: String?
        /// The event's place in the chain; none while it waits for the sealer.
        let position: Int?
    }

    /// Hands each line to `write`, without its end. Memory does not grow with the log.
    ///
    /// - Parameters:
    ///   - after: events from this moment on.
    ///   - before: events before this moment.
    package func lines(
        of organization: OrganizationID, from after: Date, to before: Date, _ write: (String) throws -> Void
    ) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var place = (after, UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        while true {
            let page = try await database.read(
                organization, as: .vault, AuditQueries.events,
                [.organization(organization), .timestamp(place.0), .uuid(place.1), .timestamp(before)])
            for row in page.rows {
                let id = try row.requireUUID("id")
                place = (try row.requireTimestamp("occurred_at"), id)
                let line = Line(
                    organization: organization == .platform ? nil : organization.uuid.text, id: id.text,
                    occurredAt: try row.requireString("occurred_at_text"),
                    actorKind: try row.requireString("actor_kind"),
                    actorId: row.uuid("actor_id")?.text, action: try row.requireString("action"),
                    outcome: try row.requireString("outcome"), subjectKind: try row.requireString("subject_kind"),
                    subjectId: row.uuid("subject_id")?.text, purpose: row.string("purpose"),
                    requestId: row.string("request_id"), source: row.string("source"), position: row.int("position"))
                try write(String(decoding: try encoder.encode(line), as: UTF8.self))
            }
            if page.count < 1000 { return }
        }
    }
}
