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

    /// Asks for what there is to choose from, after the contact has joined their conversation; ``make(_:from:to:conversation:media:in:)``
    /// chooses.
    static func question(
        from: E164?, credential: UUID, contact: UUID, media: Bool, in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        let organization = PostgresValue(transaction.organization)
        if let from {
            return [NumberStore.findingSender(number: from.description, credential: credential, in: transaction)]
        }
        return [
            (MessagingQueries.messagingService, [organization, .uuid(credential)]),
            NumberStore.candidates(credential: credential, media: media, in: transaction),
            (MessagingQueries.numberKnownTo, [organization, .uuid(contact)]),
        ]
    }

    /// - Parameters:
    ///   - answers: of ``question(from:credential:contact:media:in:)``.
    ///   - media: whether it has to carry files.
    /// - Throws: ``Refusal`` when there is no such sender, or none at all.
    static func make(
        _ answers: some Collection<PostgresResult>, from: E164?, to recipient: E164, conversation: UUID, media: Bool,
        in transaction: Transaction
    ) async throws -> SenderChoice {
        let organization = PostgresValue(transaction.organization)
        let answers = Array(answers)
        if from != nil {
            guard let owned = try NumberStore.sender(answers.first) else { throw Refusal(Refusal.senderNotOwned) }
            guard owned.carriesMedia || !media else { throw Refusal(Refusal.senderNotCapable) }
            try await transaction.pipeline([
                (MessagingQueries.keepNumber, [organization, .uuid(conversation), .uuid(owned.phoneNumberID)])
            ])
            return SenderChoice(kind: .caller, number: owned.number, phoneNumber: owned.phoneNumberID, service: nil)
        }
        if let service = answers.first?.rows.first?.string("messaging_service_sid") {
            return SenderChoice(kind: .service, number: nil, phoneNumber: nil, service: service)
        }
        let picked = try await rotate(
            among: answers[1], known: answers[2], to: recipient.description, conversation: conversation,
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
        return try await rotate(
            among: found[0], known: found[1], to: recipient, conversation: conversation, in: transaction)
    }

    private static func rotate(
        among candidates: PostgresResult, known: PostgresResult, to recipient: String, conversation: UUID,
        in transaction: Transaction
    ) async throws -> SenderRotation.Candidate? {
        var rotation = try SenderRotation(candidates: candidates)
        let picked = rotation.pick(
            country: NumberingPlan.country(of: recipient), known: known.rows.first?.uuid("phone_number_id"))
        guard let picked else { return nil }
        try await transaction.pipeline([
            (
                MessagingQueries.keepNumber,
                [PostgresValue(transaction.organization), .uuid(conversation), .uuid(picked.id)]
            )
        ])
        try await NumberStore.record(rotation, in: transaction)
        return picked
    }
}
