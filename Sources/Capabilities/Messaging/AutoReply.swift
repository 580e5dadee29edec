import Contacts
import Foundation
import JobQueue
import Postgres
import Twilio

/// A message by which Switchboard itself answers what came in: queued in the transaction of what it answers, from the
/// number that was written to.
enum AutoReply {
    /// Kinds that are sent to a contact at most once a day, so that two robots do not talk to each other. Mirrors the
    /// CHECK on `auto_replies.kind`.
    enum Daily: String {
        case help = "HELP"
        case guidance = "GUIDANCE"
    }

    /// - Parameters:
    ///   - daily: `nil` for what answers something that happens once anyway.
    ///   - answersOptOut: whether it may go to one who has opted out.
    /// - Returns: whether it was queued, and so is to be counted (`MESSAGES_OUTBOUND`) at the end of the transaction: a
    ///   counter stays locked until then. Not when it went out today already, or the number cannot text any more.
    static func queue(
        _ text: String, answering inbound: InboundMessage, daily: Daily?, answersOptOut: Bool = false,
        in transaction: Transaction
    ) async throws -> Bool {
        let organization = PostgresValue(transaction.organization)
        if let daily {
            let claimed = try await transaction.execute(
                MessagingQueries.claimReply, [organization, .uuid(inbound.contact), .text(daily.rawValue)])
            guard claimed.count == 1 else { return false }
        }
        let message = UUID()
        let inserted = try await transaction.execute(
            MessagingQueries.insertReply,
            [
                organization, .uuid(message), .text(inbound.from.description), .text(text),
                .int(MessageSegments(text).count), .uuid(inbound.contact), .uuid(inbound.conversation),
                .uuid(inbound.credential), .bool(answersOptOut), .text(inbound.to.description),
                .int(MessageSender.longestValidity),
            ])
        guard inserted.count == 1 else { return false }
        try await MessageStore.note(.queued, of: message, source: .worker, in: transaction)
        try await WorkQueue.enqueue(MessageJobs.send, subject: message, in: transaction)
        return true
    }
}
