import Contacts
import Foundation
import Numbers
import Postgres

/// What a message goes out from: what the caller says, else the account's messaging service, else the rotation.
struct SenderChoice: Sendable {
    /// Mirrors the CHECK on `messages.sender_choice`.
    enum Kind: String, Sendable {
        case caller = "CALLER"
        case rotation = "ROTATION"
        case service = "SERVICE"
    }

    let kind: Kind
    /// Nil with a messaging service: Twilio chooses.
    let number: String?
    let phoneNumber: UUID?
    let service: String?

    /// - Parameter media: whether it has to carry files.
    /// - Throws: ``Refusal`` when there is no such sender, or none at all.
    static func make(
        from: E164?, to recipient: E164, credential: UUID, conversation: UUID, media: Bool, in transaction: Transaction
    ) async throws -> SenderChoice {
        let organization = PostgresValue(transaction.organization)
        if let from {
            let owned = try await NumberStore.sender(
                number: from.description, credential: credential, in: transaction)
            guard let owned else { throw Refusal(Refusal.senderNotOwned) }
            guard owned.carriesMedia || !media else { throw Refusal(Refusal.senderNotCapable) }
            try await transaction.pipeline([
                (MessagingQueries.keepNumber, [organization, .uuid(conversation), .uuid(owned.phoneNumberID)])
            ])
            return SenderChoice(kind: .caller, number: owned.number, phoneNumber: owned.phoneNumberID, service: nil)
        }
        let account = try await transaction.execute(
            MessagingQueries.messagingService, [organization, .uuid(credential)])
        if let service = account.rows.first?.string("messaging_service_sid") {
            return SenderChoice(kind: .service, number: nil, phoneNumber: nil, service: service)
        }
        let picked = try await rotate(
            to: recipient.description, credential: credential, conversation: conversation, media: media,
            in: transaction)
        guard let picked else { throw Refusal(media ? Refusal.noMediaSender : Refusal.noSender) }
        return SenderChoice(kind: .rotation, number: picked.number, phoneNumber: picked.id, service: nil)
    }

    /// The rotation's number for a recipient, which the contact knows us by from now on.
    static func rotate(
        to recipient: String, credential: UUID, conversation: UUID, media: Bool, in transaction: Transaction
    ) async throws -> SenderRotation.Candidate? {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(conversation)]
        let found = try await transaction.execute([
            NumberStore.candidates(credential: credential, media: media, in: transaction),
            (MessagingQueries.knownNumber, key),
        ])
        var rotation = try SenderRotation(candidates: found[0])
        let picked = rotation.pick(
            country: NumberingPlan.country(of: recipient), known: found[1].rows.first?.uuid("phone_number_id"))
        guard let picked else { return nil }
        try await transaction.pipeline([(MessagingQueries.keepNumber, key + [.uuid(picked.id)])])
        try await NumberStore.record(rotation, in: transaction)
        return picked
    }
}
