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
    /// Whose turns have moved by this choice, to be recorded (`NumberStore.record`) after the contact has joined their
    /// conversation: whoever locks both takes the conversation first.
    var rotation: SenderRotation?

    /// Asks for the credential and for what there is to choose from; ``SendingCredential/found(_:id:_:)`` and
    /// ``make(_:from:to:known:media:)`` read the answer.
    ///
    /// - Parameter credential: `nil` for the organization's default.
    static func question(
        from: E164?, credential: UUID?, media: Bool, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (
            MessagingQueries.senders,
            [
                PostgresValue(transaction.organization), PostgresValue(credential), PostgresValue(from?.description),
                .bool(media),
            ]
        )
    }

    /// - Parameters:
    ///   - answer: of ``question(from:credential:media:in:)``, which found a credential.
    ///   - known: the number that the contact knows. They know the choice's number when they join their conversation with it.
    ///   - media: whether it has to carry files.
    /// - Throws: ``Refusal`` when there is no such sender, or none at all.
    static func make(
        _ answer: PostgresResult, from: E164?, to recipient: E164, known: UUID?, media: Bool
    ) throws -> SenderChoice {
        if from != nil {
            guard let owned = try NumberStore.sender(answer) else { throw Refusal(Refusal.senderNotOwned) }
            guard owned.carriesMedia || !media else { throw Refusal(Refusal.senderNotCapable) }
            return SenderChoice(kind: .caller, number: owned.number, phoneNumber: owned.phoneNumberID, service: nil)
        }
        if let service = answer.rows.first?.string("messaging_service_sid") {
            return SenderChoice(kind: .service, number: nil, phoneNumber: nil, service: service)
        }
        var rotation = try SenderRotation(candidates: answer)
        let country = NumberingPlan.country(of: recipient.description)
        guard let picked = rotation.pick(country: country, known: known) else {
            throw Refusal(media ? Refusal.noMediaSender : Refusal.noSender)
        }
        return SenderChoice(
            kind: .rotation, number: picked.number, phoneNumber: picked.id, service: nil, rotation: rotation)
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
