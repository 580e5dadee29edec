package import Audit
import Credentials
import Foundation
import GraphQL
import JobQueue
import OrderedCollections
import Postgres
package import QueryEngine

/// `redactMessage`: one message, now.
package struct RedactMessage: Sendable {
    private let audit: AuditLog
    private let announcements: MessageAnnouncements

    package init(audit: AuditLog, announcements: MessageAnnouncements) {
        self.audit = audit
        self.announcements = announcements
    }

    private static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such message; `messages` lists those there are.", field: ["id"])

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let id = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "msg") }) else {
            return try await request.refuse([Self.notFound])
        }
        let committed = try await request.commit { transaction in
            let found = try await transaction.execute(
                RedactionQueries.lock, [.organization(request.organization), .uuid(id)])
            guard let row = found.rows.first else { return .refused([Self.notFound]) }
            let status = row.string("status").flatMap(MessageStatus.init(rawValue:))
            if let status, [.scheduled, .queued, .sending, .inDoubt].contains(status) {
                return .refused([
                    UserError(
                        code: "NOT_FINAL",
                        message: "The message is still under way (\(status.rawValue)); redact it when it has gone out, "
                            + "or cancel it.",
                        field: ["id"])
                ])
            }
            if try await Redaction.redact([id], in: transaction) == 1 {
                try await audit.append(
                    AuditEvent(
                        actor: request.caller.actor, action: "message.redact", subjectKind: "MESSAGE", subjectID: id,
                        requestID: request.caller.requestID),
                    in: transaction)
                try await WorkQueue.enqueue(
                    MessageJobs.redact, subject: request.organization.uuid, in: transaction)
            }
            return .done(["message": .row(id)])
        }
        announcements.messageRedacted(for: request.organization)
        return committed
    }
}
