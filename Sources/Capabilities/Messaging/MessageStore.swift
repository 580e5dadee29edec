package import Foundation
package import Postgres
import QueryEngine

/// Changes to messages, each with its status event and its entry in the change feed, inside a tenant's transaction.
package enum MessageStore {
    /// What brought a message to a status. Mirrors the CHECK on `message_status_events.source`.
    package enum Source: String, Sendable {
        case api = "API"
        case worker = "WORKER"
        case callback = "CALLBACK"
        case webhook = "WEBHOOK"
        case sync = "SYNC"
    }

    /// Notes that the message now has this status, for its history and for whoever watches.
    package static func note(
        _ status: MessageStatus, of message: UUID, source: Source, in transaction: Transaction
    ) async throws {
        _ = try await transaction.execute(
            MessagingQueries.recordStatus,
            [
                PostgresValue(transaction.organization), .uuid(message), .text(status.rawValue),
                .text(source.rawValue),
            ])
        try await Changes.record("message", [message], in: transaction)
    }

    /// Moves a message on by evidence from the carrier. Answers whether it moved: what comes late, twice or out of
    /// order changes nothing.
    package static func advance(
        _ message: UUID, to status: MessageStatus, twilioSID: String, errorCode: Int? = nil,
        errorMessage: String? = nil, source: Source, evidence: String, in transaction: Transaction
    ) async throws -> Bool {
        let organization = PostgresValue(transaction.organization)
        let moved = try await transaction.execute(
            MessagingQueries.advance,
            [
                organization, .uuid(message), .text(status.rawValue),
                .texts(MessageStatus.predecessors(of: status)), .text(twilioSID), PostgresValue(errorCode),
                PostgresValue(errorMessage),
            ])
        guard moved.count == 1 else { return false }
        _ = try await transaction.execute(
            MessagingQueries.settleAttemptByEvidence, [organization, .uuid(message), .text(evidence)])
        try await note(status, of: message, source: source, in: transaction)
        return true
    }
}
