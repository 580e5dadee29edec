import Contacts
package import Credentials
import Foundation
import GraphQL
package import JobQueue
import Numbers
package import Postgres
import QueryEngine
import Templates
import Twilio
import Usage

/// Makes messages of a bulk's recipients, a few hundred in a commit, as fast as they go out and no faster: at most some
/// seconds' worth waits in the queue, so that what is sent one by one does not wait behind a bulk, a pause takes effect,
/// and the queue stays short. When all are made, it tells how they fare until they have come to their end.
package struct BulkFeeder: Sendable {
    private let database: Database
    private let announcements: MessageAnnouncements
    private let inquiry: Inquiry

    /// Messages of one commit.
    private static let chunk = 500
    /// What may wait in the queue: so many seconds' worth, and never more than so many.
    private static let horizon = 10.0
    private static let longestQueue = 4_000
    /// How soon to look again while the queue is full enough.
    private static let pause: Duration = .milliseconds(250)

    package init(database: Database, credentials: CredentialManager, announcements: MessageAnnouncements) {
        self.database = database
        self.announcements = announcements
        inquiry = Inquiry(database: database, credentials: credentials)
    }

    private struct Step: Sendable {
        var outcome: JobOutcome
        var isFed = false
        var hasChanged = false
    }

    /// The handler of ``MessageJobs/bulk``. The subject is a bulk.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        try await inquiry.learnNext(ofBulk: job.subject, limit: Self.chunk, of: job.organization)
        let step = try await database.withTenant(job.organization) { transaction in
            let step = try await advance(job.subject, in: transaction)
            if step.isFed { Failpoint.reach(.beforeChunkCommits) }
            return step
        }
        if step.isFed { Failpoint.reach(.afterChunkCommits) }
        if step.isFed { announcements.messageQueued(for: job.organization) }
        if step.hasChanged { announcements.messageChanged(for: job.organization) }
        return step.outcome
    }

    private func advance(_ bulk: UUID, in transaction: Transaction) async throws -> Step {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(bulk)]
        guard let row = try await transaction.execute(BulkQueries.lock, key).rows.first else {
            return Step(outcome: .done)
        }
        let state = row.string("state")
        guard state == "RUNNING", try row.requireInt("pending") > 0 else {
            return try await report(bulk, row, key, in: transaction)
        }
        let credential = try row.requireUUID("credential_id")
        let service = try await transaction.execute(
            MessagingQueries.messagingService, [PostgresValue(transaction.organization), .uuid(credential)])
        let sender = try await Sender(
            row, carriesMedia: !OutboundMedia.urls(row).isEmpty,
            service: service.rows.first?.string("messaging_service_sid"), credential: credential, in: transaction)
        let queued = try await transaction.execute(
            BulkQueries.queued,
            [
                PostgresValue(transaction.organization), .text(MessageJobs.send.rawValue), .int(Self.longestQueue),
            ])
        let room = sender.rate > 0 ? max(1, Int(sender.rate * Self.horizon)) : Self.longestQueue
        let wanted = min(Self.chunk, min(room, Self.longestQueue) - (queued.rows.first?.int("queued") ?? 0))
        guard wanted > 0 else {
            var step = try await report(bulk, row, key, in: transaction)
            step.outcome = .again(after: Self.pause)
            return step
        }
        let due = try await transaction.execute(BulkQueries.due, key + [.int(wanted)])
        guard !due.rows.isEmpty else {
            var step = try await report(bulk, row, key, in: transaction)
            let first = try await transaction.execute(BulkQueries.firstDue, key).rows.first?.timestamp("due_at")
            let wait = first.map { max(0.05, $0.timeIntervalSinceNow) } ?? 1
            step.outcome = .again(after: .seconds(min(wait, 60)))
            return step
        }
        try await feed(due, of: bulk, row, sender, credential: credential, key, in: transaction)
        try await Changes.record("bulk", [bulk], in: transaction)
        return Step(outcome: .again(after: .zero), isFed: true, hasChanged: true)
    }

    // MARK: One chunk

    /// What the messages of a bulk go out from.
    private struct Sender {
        let number: (id: UUID, number: String)?
        let service: String?
        var rotation: SenderRotation
        /// Segments a second; 0 is no limit.
        let rate: Double

        init(
            _ row: PostgresRow, carriesMedia: Bool, service: String?, credential: UUID, in transaction: Transaction
        ) async throws(PostgresError) {
            let organization = PostgresValue(transaction.organization)
            rotation = SenderRotation([])
            if let id = row.uuid("phone_number_id") {
                let own = try await transaction.execute(BulkQueries.ownNumber, [organization, .uuid(id)]).rows.first
                number = (id, own?.string("number") ?? "")
                self.service = nil
                rate = own?.string("rate").flatMap { Double($0) } ?? 1
            } else if let service {
                number = nil
                self.service = service
                rate = 0
            } else {
                number = nil
                self.service = nil
                rotation = try await NumberStore.rotation(
                    credential: credential, media: carriesMedia, in: transaction)
                let rates = try await transaction.execute(
                    BulkQueries.rotationRate, [organization, .uuid(credential), .bool(carriesMedia)])
                rate = rates.rows.first?.string("rate").flatMap { Double($0) } ?? 1
            }
        }

        var kind: SenderChoice.Kind { number != nil ? .caller : service != nil ? .service : .rotation }
    }

    private struct Contact {
        let id: UUID
        let name: String?
        let zone: String?
        let optedOut: Bool
    }

    /// The columns of what a chunk writes.
    private struct Chunk {
        var recipients: [UUID] = []
        var messages: [UUID] = []
        var senders: [String] = []
        var phones: [String] = []
        var bodies: [String] = []
        var segments: [Int64] = []
        var contacts: [UUID] = []
        var conversations: [UUID] = []
        var numbers: [String] = []
        var refused: [(id: UUID, code: String, reason: String)] = []
        var later: [(id: UUID, at: Date)] = []
    }

    private func feed(
        _ due: PostgresResult, of bulk: UUID, _ row: PostgresRow, _ sender: Sender, credential: UUID,
        _ key: [PostgresValue], in transaction: Transaction
    ) async throws {
        let organization = PostgresValue(transaction.organization)
        let text = try TemplateText(try row.requireString("body"))
        let media = OutboundMedia.urls(row)
        var variables: [TemplateVariable] = []
        if let version = row.uuid("template_version_id") {
            variables = try await TemplateStore.variables(of: version, in: transaction)
        }
        let shared = try JSONValue(parsing: Array(try row.requireString("variables").utf8))
        let rules = try await MessagingRules.read(in: transaction)
        let heeds = try row.requireBool("respects_quiet_hours")
        let phones = due.rows.compactMap { $0.string("phone") }
        let contacts = try await contacts(of: phones, in: transaction)
        let found = try await transaction.execute(
            LineTypeQueries.landlines, [organization, .texts(phones), .text(LineTypes.landline)])
        let landlines = Set(found.rows.compactMap { $0.string("phone") })
        let refusals = try await VerifiedRecipients.refusals(among: phones, credential: credential, in: transaction)

        var chunk = Chunk()
        var texts: [(recipient: UUID, phone: String, body: String, contact: UUID)] = []
        let now = Date()
        for recipient in due.rows {
            let id = try recipient.requireUUID("id")
            let phone = try recipient.requireString("phone")
            guard let contact = contacts[phone] else { continue }
            if contact.optedOut {
                chunk.refused.append((id, Refusal.optedOut.code, Refusal.optedOut.message))
                continue
            }
            if let refusal = refusals[phone] {
                chunk.refused.append((id, refusal.code, refusal.message))
                continue
            }
            if landlines.contains(phone) {
                chunk.refused.append((id, Refusal.landline.code, Refusal.landline.message))
                continue
            }
            if heeds, let end = rules.quietEnd(at: now, contactZone: contact.zone) {
                chunk.later.append((id, end))
                continue
            }
            let own = try recipient.string("variables").map { try JSONValue(parsing: Array($0.utf8)) }
            let values = BulkText.values(
                for: text, own: own, shared: shared, contactName: contact.name, phone: phone)
            switch TemplateRendering.render(text, variables, values: values, mayBeEmpty: !media.isEmpty) {
            case .success(let body): texts.append((id, phone, body, contact.id))
            case .failure(let refusal):
                let first = refusal.errors.first
                chunk.refused.append(
                    (id, first?.code ?? "INVALID_BODY", refusal.errors.map(\.message).joined(separator: " ")))
            }
        }
        let joined = try await transaction.execute(
            BulkQueries.joinConversations, [organization, .uuids(texts.map(\.contact)), .timestamp(now)])
        var conversations: [UUID: (id: UUID, number: UUID?)] = [:]
        for row in joined.rows {
            conversations[try row.requireUUID("contact_id")] = (
                try row.requireUUID("id"), row.uuid("phone_number_id")
            )
        }
        var rotation = sender.rotation
        for text in texts {
            guard let conversation = conversations[text.contact] else { continue }
            var number = sender.number
            if sender.kind == .rotation {
                let picked = rotation.pick(
                    country: NumberingPlan.country(of: text.phone), known: conversation.number)
                guard let picked else {
                    let refusal = media.isEmpty ? Refusal.noSender : Refusal.noMediaSender
                    chunk.refused.append((text.recipient, refusal.code, refusal.message))
                    continue
                }
                number = (picked.id, picked.number)
            }
            chunk.recipients.append(text.recipient)
            chunk.messages.append(UUID())
            chunk.senders.append(number?.number ?? "")
            chunk.phones.append(text.phone)
            chunk.bodies.append(text.body)
            chunk.segments.append(Int64(OutboundMedia.segments(text.body, media)))
            chunk.contacts.append(text.contact)
            chunk.conversations.append(conversation.id)
            chunk.numbers.append(number?.id.uuidString ?? "")
        }
        try await write(chunk, of: bulk, row, sender, credential: credential, key, in: transaction)
        try await NumberStore.record(rotation, in: transaction)
    }

    private func contacts(
        of phones: [String], in transaction: Transaction
    ) async throws(PostgresError) -> [String: Contact] {
        let values: [PostgresValue] = [PostgresValue(transaction.organization), .texts(phones)]
        let found = try await transaction.execute([
            (BulkQueries.insertContacts, values), (BulkQueries.removeStrays, values),
            (BulkQueries.lockContacts, values),
        ])
        var contacts: [String: Contact] = [:]
        guard let rows = found.last?.rows else { return contacts }
        for row in rows {
            contacts[try row.requireString("phone")] = Contact(
                id: try row.requireUUID("id"), name: row.string("name"), zone: row.string("time_zone"),
                optedOut: try row.requireBool("opted_out"))
        }
        return contacts
    }

    private func write(
        _ chunk: Chunk, of bulk: UUID, _ row: PostgresRow, _ sender: Sender, credential: UUID, _ key: [PostgresValue],
        in transaction: Transaction
    ) async throws {
        let organization = PostgresValue(transaction.organization)
        var commands: [(Statement, [PostgresValue])] = []
        if !chunk.messages.isEmpty {
            commands += [
                (
                    BulkQueries.insertMessages,
                    key + [
                        .uuids(chunk.messages), .texts(chunk.senders), .texts(chunk.phones), .texts(chunk.bodies),
                        .ints(chunk.segments), .uuids(chunk.contacts), .uuids(chunk.conversations),
                        .texts(chunk.numbers), .uuid(credential), .int(try row.requireInt("valid_for")),
                        PostgresValue(sender.service), .text(sender.kind.rawValue),
                        .bool(try row.requireBool("respects_quiet_hours")),
                        PostgresValue(row.uuid("template_id")), PostgresValue(row.uuid("template_version_id")),
                    ]
                ),
                (BulkQueries.created, [organization, .uuids(chunk.recipients), .uuids(chunk.messages)]),
            ]
            let media = OutboundMedia.urls(row)
            if !media.isEmpty {
                commands.append((MediaQueries.attach, [organization, .uuids(chunk.messages), .texts(media)]))
            }
            commands += MessageStore.notes(.queued, of: chunk.messages, source: .worker, in: transaction)
            if sender.kind != .service {
                commands.append(
                    (
                        BulkQueries.keepNumbers,
                        [
                            organization, .uuids(chunk.conversations),
                            .uuids(chunk.numbers.compactMap { UUID(uuidString: $0) }),
                        ]
                    ))
            }
        }
        if !chunk.refused.isEmpty {
            commands.append(
                (
                    BulkQueries.refused,
                    [
                        organization, .uuids(chunk.refused.map(\.id)), .texts(chunk.refused.map(\.code)),
                        .texts(chunk.refused.map(\.reason)),
                    ]
                ))
        }
        if !chunk.later.isEmpty {
            commands.append(
                (
                    BulkQueries.putOff,
                    [
                        organization, .uuids(chunk.later.map(\.id)),
                        .texts(chunk.later.map { $0.at.formatted(SendBulkMessage.precise) }),
                    ]
                ))
        }
        commands.append(
            (BulkQueries.addCounts, key + [.int(chunk.messages.count), .int(chunk.refused.count)]))
        _ = try await transaction.execute(commands)
        guard !chunk.messages.isEmpty else { return }
        try await UsageMeter.count(.messagesOutbound, amount: chunk.messages.count, in: transaction)
        try await WorkQueue.enqueue(MessageJobs.send, subjects: chunk.messages, in: transaction)
    }

    // MARK: Progress

    /// Says how the messages fare, when that has changed, and when all have gone out.
    private func report(
        _ bulk: UUID, _ row: PostgresRow, _ key: [PostgresValue], in transaction: Transaction
    ) async throws -> Step {
        guard let progress = try await transaction.execute(BulkQueries.progress, key).rows.first else {
            return Step(outcome: .done)
        }
        let pending = try row.requireInt("pending")
        let waiting = try progress.requireInt("waiting")
        let isOut = pending == 0 && waiting == 0
        let reported = try await transaction.execute(
            BulkQueries.report, key + [.text(try progress.requireString("report")), .bool(isOut)])
        if reported.count == 1 { try await Changes.record("bulk", [bulk], in: transaction) }
        let underWay = try progress.requireInt("under_way")
        var step = Step(outcome: .done, hasChanged: reported.count == 1)
        if row.string("state") == "PAUSED", waiting == 0 || reported.count == 0 { return step }
        if !isOut || (underWay > 0 && row.bool("is_old") != true) {
            // The more there is to count, the more seldom.
            let isFinished = row.bool("is_finished") == true && reported.count == 0
            step.outcome = .again(after: isFinished ? .seconds(30) : .seconds(1))
        }
        return step
    }
}
