import Foundation
package import Postgres

/// The append-only log of an organization. An event is written in the transaction of what it records, so that one is
/// never there without the other; when it cannot be written, the thing does not happen.
package enum AuditLog {
    package static func append(_ event: AuditEvent, in transaction: Transaction) async throws(PostgresError) {
        let (actorKind, actorID): (String, UUID?) =
            switch event.actor {
            case .apiKey(let id): ("API_KEY", id)
            case .worker: ("WORKER", nil)
            case .commandLine: ("COMMAND_LINE", nil)
            }
        _ = try await transaction.execute(
            insert,
            [
                PostgresValue(transaction.organization), .text(actorKind), PostgresValue(actorID),
                .text(event.action), .text(event.outcome.rawValue), .text(event.subjectKind),
                PostgresValue(event.subjectID), PostgresValue(event.purpose), PostgresValue(event.requestID),
            ])
    }

    private static let insert = Statement(
        """
        INSERT INTO audit_events
          (org_id, actor_kind, actor_id, action, outcome, subject_kind, subject_id, purpose, request_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """)
}
