package import Foundation
import JobQueue
import Numbers
import OptOuts
package import Postgres
import QueryEngine
import Twilio

/// Changes to messages, each with its status event and its entry in the change feed, inside a tenant's transaction.
package enum MessageStore {
    /// What brought a message to a status. Mirrors the CHECK on `message_status_events.source`.
    package enum Source: String, Sendable {
        case api = "API"
        case worker = "WORKER"
        case callback = "CALLBACK"
        case webhook = "WEBHOOK"
        case sync = "SYNC"
        case reconciliation = "RECONCILIATION"
    }

    /// Notes that the message now has this status, for its history and for whoever watches.
    package static func note(
        _ status: MessageStatus, of message: UUID, source: Source, in transaction: Transaction
    ) async throws {
        try await transaction.pipeline(notes(status, of: [message], source: source, in: transaction))
    }

    /// The same of several, as statements for whoever sends more in one round trip.
    static func notes(
        _ status: MessageStatus, of messages: [UUID], source: Source, in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        [
            (
                MessagingQueries.recordStatus,
                [
                    PostgresValue(transaction.organization), .uuids(messages), .text(status.rawValue),
                    .text(source.rawValue),
                ]
            ), Changes.entry("message", messages, in: transaction),
        ]
    }

    /// Takes what the carrier said about a message. Answers whether it moved: what comes late, twice or out of order
    /// changes nothing.
    package static func take(
        _ report: CarrierReport, of message: UUID, in transaction: Transaction
    ) async throws -> Bool {
        if report.isGivenUp, try await requeue(message, report, in: transaction) { return true }
        let organization = PostgresValue(transaction.organization)
        let values: [PostgresValue] = [
            organization, .uuid(message), .text(report.status.rawValue),
            .texts(MessageStatus.predecessors(of: report.status)), .text(report.sid), PostgresValue(report.errorCode),
            PostgresValue(report.errorCode.map { TwilioError(code: $0, status: 0, message: "").remedy }),
            PostgresValue(report.from.flatMap { $0.isEmpty ? nil : $0 }),
        ]
        let moved = try await transaction.execute([
            (AttemptQueries.dropCopies, [organization, .uuid(message), .text(report.sid)]),
            (EvidenceQueries.advance, values),
        ])
        guard let row = moved.last?.rows.first else { return false }
        let asking =
            report.status.isFinal
            ? [(ReconciliationQueries.unwatch, [organization, .uuids([message])])]
            : Reconciler.watching([message], credential: try row.requireUUID("credential_id"), in: transaction)
        _ = try await transaction.execute(
            [(EvidenceQueries.settleAttemptByEvidence, [organization, .uuid(message), .text(report.evidence)])]
                + notes(report.status, of: [message], source: report.source, in: transaction) + asking)
        if report.errorCode == Refusal.optOutCode {
            try await OptOutRegister.noteCarrierRefusal(of: message, in: transaction)
        }
        if let number = row.uuid("phone_number_id") {
            if report.errorCode == CarrierReport.filtered {
                try await NumberStore.trouble(number, in: transaction)
            } else if report.status == .delivered {
                try await NumberStore.recover(number, in: transaction)
            }
        }
        return true
    }

    /// Twilio has it and gave it up before anything went out: once more, a little later, while it is valid.
    private static func requeue(
        _ message: UUID, _ report: CarrierReport, in transaction: Transaction
    ) async throws -> Bool {
        let organization = PostgresValue(transaction.organization)
        let requeued = try await transaction.execute(
            EvidenceQueries.requeue, [organization, .uuid(message), .text(report.sid)])
        guard requeued.count == 1 else { return false }
        let superseded = try await transaction.execute(
            EvidenceQueries.supersedeAttempt,
            [organization, .uuid(message), .text(report.sid), .text(report.evidence)])
        _ = try await transaction.execute(ReconciliationQueries.unwatch, [organization, .uuids([message])])
        try await note(.queued, of: message, source: report.source, in: transaction)
        let pause = AttemptEnding.pause(afterRefusal: superseded.rows.first?.int("number") ?? 1)
        try await WorkQueue.enqueue(
            MessageJobs.send, subject: message,
            runAt: Date(timeIntervalSinceNow: Double(pause.components.seconds)), in: transaction)
        return true
    }
}
