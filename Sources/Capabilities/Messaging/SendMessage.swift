import Contacts
import Foundation
import GraphQL
import JobQueue
import Numbers
import OptOuts
import Postgres
package import QueryEngine
import Templates
import Twilio
import Usage

/// `sendMessage`: the message, its job and its place in the conversation in one commit. Twilio hears of it later.
package struct SendMessage: Sendable {
    private let announcements: MessageAnnouncements
    private let inquiry: Inquiry
    private let media: MediaInspector

    init(announcements: MessageAnnouncements, inquiry: Inquiry, media: MediaInspector) {
        self.announcements = announcements
        self.inquiry = inquiry
        self.media = media
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input: SendMessageInput
        switch SendMessageInput.parse(request.input, media) {
        case .failure(let refusal): return try await PhoneAdvice.refuse(refusal.errors, request)
        case .success(let parsed): input = parsed
        }
        let committed = try await OutboundMedia.informed(input.media, media) { found in
            try await inquiry.informed(request.organization) { asks in
                try await request.commit { transaction in
                    try await Self.take(input, asks: asks, ofMedia: found, in: transaction)
                }
            }
        }
        announcements.messageQueued(for: request.organization)
        return committed
    }

    /// For later, and whether quiet hours put it off.
    struct Later: Sendable {
        let when: WhenToSend
        let respectsQuietHours: Bool
    }

    /// `scheduleMessage` where it is for later, else `sendMessage`.
    ///
    /// - Parameters:
    ///   - asks: what Twilio is asked for where it is not known.
    ///   - found: what is wrong with the files; `nil` when nobody has been asked yet.
    /// - Throws: ``VerifiedRecipients/Unknown``, ``LineTypes/Unknown`` and ``OutboundMedia/Unasked`` when somebody is to be
    ///   asked.
    static func take(
        _ input: SendMessageInput, later: Later? = nil, asks: Inquiry.Questions, ofMedia found: [UserError]?,
        in transaction: Transaction
    ) async throws -> CommandOutcome {
        let organization = PostgresValue(transaction.organization)
        let message = UUID()
        let fingerprint =
            later.map { input.fingerprint + IdempotencyClaim.fingerprint([$0.when.fingerprint]) } ?? input.fingerprint
        switch try await IdempotencyClaim.make(
            later == nil ? "sendMessage" : "scheduleMessage", key: input.idempotencyKey, subject: message,
            fingerprint: fingerprint, in: transaction)
        {
        case .fresh: break
        case .known(let earlier): return .done(["message": .row(earlier)])
        case .otherInput: return .refused([Refusal.idempotencyKeyReused])
        }
        var input = input
        var rendered: RenderedTemplate?
        if let choice = input.template {
            switch try await TemplateStore.render(choice, mayBeEmpty: !input.media.isEmpty, in: transaction) {
            case .failure(let refusal): return .refused(refusal.errors)
            case .success(let made):
                input = input.rendered(made.body)
                rendered = made
            }
        }
        // What is refused below is rolled back, and the contact with it.
        let asked = try await transaction.execute(
            [
                SenderChoice.question(
                    from: input.from, credential: input.credentialID, media: !input.media.isEmpty, in: transaction),
                LineTypes.question(input.to, in: transaction),
            ] + ContactStore.finding(phone: input.to, in: transaction)
                + [Recipient.question(phone: input.to, in: transaction)])
        let credential: UUID
        switch try SendingCredential.found(asked[0], id: "credential_id", input.credentialID) {
        case .failure(let refusal): return .refused(refusal.errors)
        case .success(let found):
            credential = found.id
            if found.isTrial,
                let problem = try await VerifiedRecipients.problem(
                    with: input.to, credential: credential, asks: asks.contains(.recipient), in: transaction)
            {
                return .refused([problem])
            }
        }
        do {
            try OutboundMedia.require(input.media, found)
        } catch let refusal as Refusal {
            return .refused(refusal.errors)
        }
        if let problem = try LineTypes.problem(
            asked[1], with: input.to, credential: credential, asks: asks.contains(.line))
        {
            return .refused([problem])
        }
        let (contact, recipient) = try await Self.recipient(asked.dropFirst(2), phone: input.to, in: transaction)
        guard !contact.optedOut else { return .refused([Refusal.optedOut]) }

        let sender: SenderChoice
        do {
            sender = try SenderChoice.make(
                asked[0], from: input.from, to: input.to, known: recipient.knownNumber, media: !input.media.isEmpty)
        } catch let refusal as Refusal {
            return .refused(refusal.errors)
        }
        if recipient.mayBeOptedOut,
            try await OptOutRegister.forbids(contact: contact.id, number: sender.phoneNumber, in: transaction)
        {
            return .refused([Refusal.optedOut])
        }
        // From here on nobody's answer is waited for: what is written goes out with the COMMIT.
        try await transaction.pipeline([
            ContactStore.joining(
                [.init(contact: contact.id, unread: 0, number: sender.phoneNumber)], at: Date(), in: transaction)
        ])
        if let rotation = sender.rotation { try await NumberStore.record(rotation, in: transaction) }
        try await transaction.pipeline([
            (
                MessagingQueries.insertOutbound,
                [
                    organization, .uuid(message), PostgresValue(sender.number), .text(input.to.description),
                    .text(input.body), .int(input.segments), .uuid(contact.id), PostgresValue(sender.phoneNumber),
                    .uuid(credential), .int(input.validFor), PostgresValue(sender.service),
                    .text(sender.kind.rawValue), .bool(input.isOneTimeCode),
                ]
            )
        ])
        try await OutboundMedia.attach(input.media, to: message, in: transaction)
        if let rendered { try await TemplateStore.note(rendered, of: message, in: transaction) }
        var due: Date?
        if let later {
            let zone = try await transaction.execute(
                ScheduleQueries.contactZone, [organization, .uuid(contact.id)])
            switch try await ScheduledMessages.moment(
                later.when, contactZone: zone.rows.first?.string("time_zone"),
                respectsQuietHours: later.respectsQuietHours, in: transaction)
            {
            case .failure(let refusal): return .refused(refusal.errors)
            case .success(let moment): due = moment
            }
            _ = try await transaction.execute(
                ScheduleQueries.schedule,
                [
                    organization, .uuid(message), PostgresValue(due), .bool(later.respectsQuietHours),
                    .int(input.validFor),
                ])
        }
        try await MessageStore.note(due == nil ? .queued : .scheduled, of: message, source: .api, in: transaction)
        try await UsageMeter.count(.messagesOutbound, in: transaction)
        try await transaction.pipeline([
            WorkQueue.asking(MessageJobs.send, subjects: [message], runAt: due, in: transaction)
        ])
        return .done(["message": .row(message)])
    }

    /// What is known of whoever a message goes to, when their row has been locked.
    private struct Recipient {
        let contact: UUID
        /// Whether anything about them holds in the register, of whatever group; where nothing does, it need not be asked about
        /// the sender.
        let mayBeOptedOut: Bool
        /// The number of ours that they know.
        let knownNumber: UUID?

        static func question(phone: E164, in transaction: Transaction) -> (Statement, [PostgresValue]) {
            (MessagingQueries.recipient, [PostgresValue(transaction.organization), .text(phone.description)])
        }

        init?(_ answer: PostgresResult?) throws(PostgresError) {
            guard let row = answer?.rows.first else { return nil }
            contact = try row.requireUUID("id")
            mayBeOptedOut = try row.requireBool("may_be_opted_out")
            knownNumber = row.uuid("known_number")
        }
    }

    /// - Parameter answers: of ``ContactStore/finding(phone:name:in:)`` and ``Recipient/question(phone:in:)``.
    private static func recipient(
        _ answers: some Collection<PostgresResult>, phone: E164, in transaction: Transaction
    ) async throws -> (ContactRow, Recipient) {
        if let contact = try ContactStore.found(answers.dropLast()),
            let recipient = try Recipient(Array(answers).last), recipient.contact == contact.id
        {
            return (contact, recipient)
        }
        // A merge took the contact away while its row was waited for; whoever has its phone now is locked, too, and stays.
        let contact = try await ContactStore.findOrCreate(phone: phone, in: transaction)
        let asked = try await transaction.execute([Recipient.question(phone: phone, in: transaction)])
        guard let recipient = try Recipient(asked.first), recipient.contact == contact.id else {
            throw PostgresError(.protocolViolation, "a contact that is locked is not there")
        }
        return (contact, recipient)
    }
}
