import Contacts
import Foundation
import GraphQL
import JobQueue
import Postgres
package import QueryEngine
import Twilio
import Usage

/// `sendMessage`: the message, its job and its place in the conversation in one commit. Twilio hears of it later.
package struct SendMessage: Sendable {
    private let announcements: MessageAnnouncements

    package init(announcements: MessageAnnouncements) {
        self.announcements = announcements
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input: SendMessageInput
        switch SendMessageInput.parse(request.input) {
        case .failure(let refusal): return try await request.refuse(refusal.errors)
        case .success(let parsed): input = parsed
        }
        let committed = try await request.commit { transaction in
            try await Self.take(input, in: transaction)
        }
        announcements.messageQueued(for: request.organization)
        return committed
    }

    private static func take(_ input: SendMessageInput, in transaction: Transaction) async throws -> CommandOutcome {
        let organization = PostgresValue(transaction.organization)
        let message = UUID()
        if let key = input.idempotencyKey {
            switch try await claim(key, for: message, input: input, in: transaction) {
            case .fresh: break
            case .known(let earlier): return .done(["message": .row(earlier)])
            case .otherInput: return .refused([Refusal.idempotencyKeyReused])
            }
        }
        let credential: UUID
        switch try await usableCredential(input.credentialID, in: transaction) {
        case .failure(let refusal): return .refused(refusal.errors)
        case .success(let id): credential = id
        }
        let contact = try await ContactStore.findOrCreate(phone: input.to, in: transaction)
        guard !contact.optedOut else { return .refused([Refusal.optedOut]) }

        let conversation = try await ContactStore.joinConversation(
            contact: contact.id, at: Date(), unread: 0, in: transaction)
        let sender: SenderChoice
        do {
            sender = try await SenderChoice.make(
                from: input.from, to: input.to, credential: credential, conversation: conversation, in: transaction)
        } catch let refusal as Refusal {
            return .refused(refusal.errors)
        }
        _ = try await transaction.execute(
            MessagingQueries.insertOutbound,
            [
                organization, .uuid(message), PostgresValue(sender.number), .text(input.to.description),
                .text(input.body), .int(input.segments), .uuid(contact.id), .uuid(conversation),
                PostgresValue(sender.phoneNumber), .uuid(credential), .int(input.validFor),
                PostgresValue(sender.service), .text(sender.kind.rawValue),
            ])
        try await MessageStore.note(.queued, of: message, source: .api, in: transaction)
        try await UsageMeter.count(.messagesOutbound, in: transaction)
        try await WorkQueue.enqueue(MessageJobs.send, subject: message, in: transaction)
        return .done(["message": .row(message)])
    }

    private enum Claim {
        case fresh
        case known(UUID)
        case otherInput
    }

    /// A second caller with the same key waits here until the first has committed, and then finds its message.
    private static func claim(
        _ key: String, for message: UUID, input: SendMessageInput, in transaction: Transaction
    ) async throws -> Claim {
        let values: [PostgresValue] = [
            PostgresValue(transaction.organization), .text("sendMessage"), .text(key), .text(input.fingerprint),
        ]
        let claimed = try await transaction.execute(
            MessagingQueries.claimIdempotencyKey, values + [.uuid(message)])
        if claimed.count == 1 { return .fresh }
        let known = try await transaction.execute(MessagingQueries.findIdempotencyKey, values)
        guard let row = known.rows.first else { return .otherInput }
        return try row.requireBool("same_input") ? .known(try row.requireUUID("subject_id")) : .otherInput
    }

    /// The credential to send by: one that Twilio accepted.
    private static func usableCredential(
        _ wanted: UUID?, in transaction: Transaction
    ) async throws -> Result<UUID, Refusal> {
        let found = try await transaction.execute(
            MessagingQueries.credential, [PostgresValue(transaction.organization), PostgresValue(wanted)])
        guard let row = found.rows.first else {
            return .failure(Refusal(wanted == nil ? Refusal.notConfigured : Refusal.noSuchCredential))
        }
        switch row.string("status") {
        case "VERIFIED": return .success(try row.requireUUID("id"))
        case "UNVERIFIED": return .failure(Refusal(Refusal.credentialUnverified))
        default: return .failure(Refusal(Refusal.credentialInvalid))
        }
    }
}
