import Contacts
package import Credentials
import Foundation
import GraphQL
package import JobQueue
import Numbers
package import Postgres
import QueryEngine
import Templates
package import Twilio
import Usage

/// Makes messages of a bulk's recipients, a few hundred in a commit, as fast as they go out and no faster: at most some
/// seconds' worth waits in the queue, so that what is sent one by one does not wait behind a bulk, a pause takes effect,
/// and the queue stays short. When all are made, it tells how they fare until they have come to their end.
package struct BulkFeeder: Sendable {
    private let database: Database
    private let announcements: MessageAnnouncements
    private let inquiry: BulkInquiry
    private let clock: any TrafficClock
    /// Bulks that said a moment ago how they fare.
    private let reported = ShortMemory<UUID>(limit: 5_000)

    /// Messages of one commit.
    private static let chunk = 500
    /// How soon to look again while the queue is full enough.
    private static let pause: Duration = .milliseconds(250)

    package init(
        database: Database, credentials: CredentialManager, announcements: MessageAnnouncements,
        clock: any TrafficClock = SystemTrafficClock()
    ) {
        self.database = database
        self.announcements = announcements
        self.clock = clock
        inquiry = BulkInquiry(database: database, credentials: credentials, clock: clock)
    }

    private struct Step: Sendable {
        var outcome: JobOutcome
        var isFed = false
        var hasChanged = false
    }

    private enum Advance: Sendable {
        case made(Step)
        /// Nothing was done: Twilio is to be asked first.
        case asks(BulkInquiry.Questions)
    }

    /// The handler of ``MessageJobs/bulk``. The subject is a bulk.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        var advance = try await advance(job, asks: true)
        if case .asks(let questions) = advance {
            try await inquiry.ask(questions, of: job.organization)
            advance = try await self.advance(job, asks: false)
        }
        guard case .made(let step) = advance else { return .again(after: Self.pause) }
        if step.isFed { Failpoint.reach(.afterChunkCommits) }
        if step.isFed { announcements.messageQueued(for: job.organization) }
        if step.hasChanged { announcements.messageChanged(for: job.organization) }
        return step.outcome
    }

    private func advance(_ job: ClaimedJob, asks: Bool) async throws -> Advance {
        try await database.withTenant(job.organization) { transaction in
            let advance = try await advance(job.subject, asks: asks, in: transaction)
            if case .made(let step) = advance, step.isFed { Failpoint.reach(.beforeChunkCommits) }
            return advance
        }
    }

    private func advance(_ bulk: UUID, asks: Bool, in transaction: Transaction) async throws -> Advance {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(bulk)]
        guard let row = try await transaction.execute(BulkQueries.lock, key).rows.first else {
            return .made(Step(outcome: .done))
        }
        let state = row.string("state")
        guard state == "RUNNING", try row.requireInt("pending") > 0 else {
            return .made(try await report(bulk, row, key, in: transaction))
        }
        let credential = try row.requireUUID("credential_id")
        let sender = try await BulkSender(
            row, carriesMedia: !OutboundMedia.urls(row).isEmpty, credential: credential, in: transaction)
        let room = try await sender.room(chunk: Self.chunk, in: transaction)
        guard room.count >= min(room.enough, try row.requireInt("pending")) else {
            var step = Step(outcome: .done)
            if !reported.holds(bulk, at: clock.now) {
                reported.keep([bulk], for: try Self.pauseAmongReports(row), at: clock.now)
                step = try await report(bulk, row, key, in: transaction)
            }
            step.outcome = .again(after: Self.pause)
            return .made(step)
        }
        let wanted = min(Self.chunk, room.count)
        let due = try await transaction.execute(BulkQueries.due, key + [.int(wanted)])
        guard !due.rows.isEmpty else {
            var step = try await report(bulk, row, key, in: transaction)
            let first = try await transaction.execute(BulkQueries.firstDue, key).rows.first?.timestamp("due_at")
            let wait = first.map { max(0.05, $0.timeIntervalSinceNow) } ?? 1
            step.outcome = .again(after: .seconds(min(wait, 60)))
            return .made(step)
        }
        let phones = due.rows.compactMap { $0.string("phone") }
        let (landlines, unknown) = try await LineTypes.lines(of: phones, in: transaction)
        let questions = try await inquiry.questions(
            of: bulk, about: phones, unknown: unknown, credential: credential, in: transaction)
        if asks, !questions.isEmpty { return .asks(questions) }
        // For those for whom the time did not suffice Twilio is asked in the next run.
        let waiting = Set(questions.phones)
        let ready = due.rows.filter { row in row.string("phone").map { !waiting.contains($0) } ?? false }
        guard !ready.isEmpty else { return .made(Step(outcome: .again(after: .zero))) }
        try await feed(
            ready, of: bulk, row, sender, landlines: landlines, credential: credential, key, in: transaction)
        try await Changes.record("bulk", [bulk], in: transaction)
        // Until there is room for many again, there is nothing to look for.
        let isFull = room.count - ready.count < room.enough
        return .made(Step(outcome: .again(after: isFull ? Self.pause : .zero), isFed: true, hasChanged: true))
    }

    // MARK: One chunk

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
        _ due: [PostgresRow], of bulk: UUID, _ row: PostgresRow, _ sender: BulkSender, landlines: Set<String>,
        credential: UUID, _ key: [PostgresValue], in transaction: Transaction
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
        let phones = due.compactMap { $0.string("phone") }
        let contacts = try await contacts(of: phones, in: transaction)
        let refusals = try await VerifiedRecipients.refusals(among: phones, credential: credential, in: transaction)

        var chunk = Chunk()
        var texts: [(recipient: UUID, phone: String, body: String, contact: UUID)] = []
        let now = Date()
        for recipient in due {
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
        // The number that each contact knows us by. Their rows are locked, so nobody else gives them another one.
        var known: [UUID: UUID] = [:]
        if sender.kind == .rotation {
            let found = try await transaction.execute(
                BulkQueries.knownNumbers, [organization, .uuids(texts.map(\.contact))])
            for row in found.rows { known[try row.requireUUID("contact_id")] = row.uuid("phone_number_id") }
        }
        var rotation = sender.rotation
        for text in texts {
            var number = sender.number
            if sender.kind == .rotation {
                let picked = rotation.pick(
                    country: NumberingPlan.country(of: text.phone), known: known[text.contact])
                guard let picked else {
                    let refusal = media.isEmpty ? Refusal.noSender : Refusal.noMediaSender
                    chunk.refused.append((text.recipient, refusal.code, refusal.message))
                    continue
                }
                number = (picked.id, picked.number)
            }
            known[text.contact] = number?.id
            chunk.recipients.append(text.recipient)
            chunk.messages.append(.ordered())
            chunk.senders.append(number?.number ?? "")
            chunk.phones.append(text.phone)
            chunk.bodies.append(text.body)
            chunk.segments.append(Int64(OutboundMedia.segments(text.body, media)))
            chunk.contacts.append(text.contact)
            chunk.numbers.append(number?.id.lowercasedString ?? "")
        }
        let conversations = try await join(Set(chunk.contacts), numbers: known, at: now, in: transaction)
        chunk.conversations = try chunk.contacts.map { contact in
            guard let conversation = conversations[contact] else {
                throw PostgresError(.protocolViolation, "a contact whose row is locked has no conversation")
            }
            return conversation
        }
        try await write(chunk, of: bulk, row, sender, credential: credential, key, in: transaction)
        try await NumberStore.record(rotation, in: transaction)
    }

    /// The conversations of the contacts, made where there is none, in which the contacts are texted now from these numbers.
    private func join(
        _ contacts: Set<UUID>, numbers: [UUID: UUID], at now: Date, in transaction: Transaction
    ) async throws(PostgresError) -> [UUID: UUID] {
        guard !contacts.isEmpty else { return [:] }
        let contacts = Array(contacts)
        let joined = try await transaction.execute(
            BulkQueries.joinConversations,
            [
                PostgresValue(transaction.organization), .uuids(contacts), .timestamp(now),
                .texts(contacts.map { numbers[$0]?.lowercasedString ?? "" }),
            ])
        var conversations: [UUID: UUID] = [:]
        for row in joined.rows { conversations[try row.requireUUID("contact_id")] = try row.requireUUID("id") }
        return conversations
    }

    private func contacts(
        of phones: [String], in transaction: Transaction
    ) async throws(PostgresError) -> [String: Contact] {
        let values: [PostgresValue] = [PostgresValue(transaction.organization), .texts(phones)]
        let found = try await transaction.execute(
            ContactStore.makingMissing(phones: Set(phones), in: transaction) + [(BulkQueries.lockContacts, values)])
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
        _ chunk: Chunk, of bulk: UUID, _ row: PostgresRow, _ sender: BulkSender, credential: UUID,
        _ key: [PostgresValue], in transaction: Transaction
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
            let isFinished = row.bool("is_finished") == true && reported.count == 0
            let pause = try Self.pauseAmongReports(row)
            step.outcome = .again(after: isFinished ? max(.seconds(30), pause) : pause)
        }
        return step
    }

    /// The more messages there are to count, the more seldom: a second for each five thousand.
    private static func pauseAmongReports(_ row: PostgresRow) throws(PostgresError) -> Duration {
        max(.seconds(1), .milliseconds(try row.requireInt("created") / 5))
    }
}
