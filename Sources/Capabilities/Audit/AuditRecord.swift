import Foundation
import Postgres

/// A row of `audit_events`, as its MAC covers it.
struct AuditRecord: Sendable {
    var organization: OrganizationID
    var id: UUID
    /// Microseconds since 1970 in UTC.
    var occurredAtMicroseconds: Int64
    var actorKind: String
    var actorID: UUID?
    var action: String
    var outcome: String
    var subjectKind: String
    var subjectID: UUID?
    var purpose: String?
    var requestID: String?
    var source: String?

    var occurredAt: Date { Date(timeIntervalSince1970: Double(occurredAtMicroseconds) / 1e6) }

    init(_ event: AuditEvent, of organization: OrganizationID, id: UUID = UUID(), at time: Date = Date()) {
        self.organization = organization
        self.id = id
        occurredAtMicroseconds = Self.microseconds(time)
        (actorKind, actorID) =
            switch event.actor {
            case .apiKey(let id): ("API_KEY", id)
            case .user(let id): ("USER", id)
            case .subject(let id): ("SUBJECT", id)
            case .worker: ("WORKER", nil)
            case .commandLine: ("COMMAND_LINE", nil)
            case .anonymous: ("ANONYMOUS", nil)
            }
        action = event.action
        outcome = event.outcome.rawValue
        subjectKind = event.subjectKind
        subjectID = event.subjectID
        purpose = event.purpose
        requestID = event.requestID
        source = event.source
    }

    /// - Parameter row: of ``AuditQueries/events``.
    init(_ row: PostgresRow, of organization: OrganizationID) throws(PostgresError) {
        self.organization = organization
        id = try row.requireUUID("id")
        occurredAtMicroseconds = Self.microseconds(try row.requireTimestamp("occurred_at"))
        actorKind = try row.requireString("actor_kind")
        actorID = row.uuid("actor_id")
        action = try row.requireString("action")
        outcome = try row.requireString("outcome")
        subjectKind = try row.requireString("subject_kind")
        subjectID = row.uuid("subject_id")
        purpose = row.string("purpose")
        requestID = row.string("request_id")
        source = row.string("source")
    }

    private static func microseconds(_ time: Date) -> Int64 { Int64((time.timeIntervalSince1970 * 1e6).rounded()) }

    /// What is authenticated: every column, each behind its length, so that no two rows have the same bytes.
    var authenticated: [UInt8] {
        var bytes = AuthenticatedBytes("switchboard audit-event v1")
        bytes.append(organization.uuid)
        bytes.append(id)
        bytes.append(occurredAtMicroseconds)
        bytes.append(actorKind)
        bytes.append(actorID?.uuidString)
        bytes.append(action)
        bytes.append(outcome)
        bytes.append(subjectKind)
        bytes.append(subjectID?.uuidString)
        bytes.append(purpose)
        bytes.append(requestID)
        bytes.append(source)
        return bytes.all
    }
}
