import Credentials
import Foundation
import Numbers
import OptOuts
import Postgres
import QueryEngine
import Twilio

/// The first half of an attempt: whether a message may go out now, and if so the record of it, committed before the first
/// byte.
struct AttemptBeginner: Sendable {
    /// How long an attempt may be under way: Twilio's time for its answer, and some for opening the credential and
    /// writing down what came. Then whoever finds it unfinished doubts it.
    static let deadline: Duration = TwilioClientFactory.patience + MessageSender.longestWait

    private let database: Database
    /// Nothing is answered about a message that has to be looked at alone.
    private let batcher: Batcher<OrganizationID, UUID, Beginning?>

    init(database: Database) {
        self.database = database
        batcher = Batcher(limit: MessageJobs.largestSet, second: MessageJobs.secondSet) { organization, messages in
            var begun: [UUID: MessageAttempt]
            do {
                begun = try await database.withTenant(organization, planning: .once) {
                    try await Self.beginReady(messages, in: $0)
                }
            } catch let lost as UnansweredCommit {
                begun = try await Self.standing(lost, of: organization, in: database)
            }
            // An attempt is given out once, also where a message was asked for twice.
            return messages.map { begun.removeValue(forKey: $0).map { .attempt($0) } }
        }
    }

    /// What became of the wish to send.
    enum Beginning: Sendable {
        case nothingToDo
        case underWay(Duration)
        /// Its turn comes later.
        case waiting(Duration)
        case changed
        case doubted
        case attempt(MessageAttempt)
    }

    func begin(_ message: UUID, of organization: OrganizationID) async throws -> Beginning {
        if let beginning = try await batcher.submit(message, for: organization) { return beginning }
        do {
            return try await database.withTenant(organization) { try await Self.begin(message, in: $0) }
        } catch let lost as UnansweredCommit {
            let standing = try await Self.standing(lost, of: organization, in: database)
            guard let attempt = standing[message] else { throw lost.reason }
            return .attempt(attempt)
        }
    }

    // MARK: A COMMIT without an answer

    /// Whether these attempts stand is not known: the connection died before the answer to COMMIT.
    private struct UnansweredCommit: Error {
        let attempts: [MessageAttempt]
        let reason: PostgresError
    }

    /// What of it stands all the same, by message. Nothing of it has gone out, and nobody else knows these attempts: they are
    /// given out as if the answer had come, as long as there is time for a POST; else they would all be doubted for nothing.
    /// - Throws: why there was no answer, when nothing stands.
    private static func standing(
        _ lost: UnansweredCommit, of organization: OrganizationID, in database: Database
    ) async throws -> [UUID: MessageAttempt] {
        let found = try await database.read(
            organization, AttemptQueries.underWay,
            [
                .organization(organization), .uuids(lost.attempts.map(\.id)),
                .int(TwilioClientFactory.patience.components.seconds),
            ])
        let ids = Set(try found.rows.map { try $0.requireUUID("id") })
        let standing = lost.attempts.filter { ids.contains($0.id) }
        guard !standing.isEmpty else { throw lost.reason }
        return Dictionary(uniqueKeysWithValues: standing.map { ($0.message, $0) })
    }

    // MARK: Many

    /// Begins those of the messages that are simply ready: queued, allowed, with a sender that has room. It waits for no
    /// lock and locks no line, so that it never stands in another's way.
    private static func beginReady(
        _ messages: [UUID], in transaction: Transaction
    ) async throws -> [UUID: MessageAttempt] {
        let values: [PostgresValue] = [PostgresValue(transaction.organization), .uuids(messages)]
        let found = try await transaction.execute(
            [(AttemptQueries.lockManyForSending, values)]
                + OptOutRegister.question(messages: messages, in: transaction)
                + [
                    (AttemptQueries.toSend, values), (AttemptQueries.attempts, values),
                    SenderLane.paces(of: messages, in: transaction),
                ])
        let locked = Set(try found[0].rows.map { try $0.requireUUID("id") })
        let answers = try OptOutRegister.answers(found[1], found[2])
        let attempts = try byID(found[4])
        let lanes = try byID(found[5])
        let rows = found[3].rows
        let rules =
            rows.contains { $0.bool("respects_quiet_hours") == true }
            ? try await MessagingRules.read(in: transaction) : nil
        let now = Date()
        var begun: [UUID: MessageAttempt] = [:]
        for row in rows {
            let id = try row.requireUUID("id")
            guard locked.contains(id), Self.isReady(row), attempts[id]?.uuid("open") == nil,
                let pace = try lanes[id].map({ try SenderLane.Pace($0, media: !OutboundMedia.urls(row).isEmpty) }),
                pace.isFree, !pace.isResting, let answer = answers[id], !answer.isForbidden,
                row.bool("respects_quiet_hours") != true
                    || rules?.quietEnd(at: now, contactZone: answer.timeZone) == nil
            else { continue }
            begun[id] = try attempt(at: row, number: attempts[id]?.int("attempts"), ChosenSender(row))
        }
        Failpoint.reach(.beforeAttemptCommits)
        if !begun.isEmpty { try await commit(Array(begun.values), in: transaction) }
        return begun
    }

    /// Whether the message's own row has nothing against it.
    private static func isReady(_ row: PostgresRow) -> Bool {
        row.string("status") == MessageStatus.queued.rawValue && row.string("twilio_sid") == nil
            && row.string("bulk_state") != "PAUSED" && row.string("credential_status") == "VERIFIED"
            && (row.int("valid_for") ?? .max) > 0
    }

    private static func byID(_ result: PostgresResult) throws -> [UUID: PostgresRow] {
        Dictionary(uniqueKeysWithValues: try result.rows.map { (try $0.requireUUID("id"), $0) })
    }

    private static func attempt(at row: PostgresRow, number: Int?, _ sender: ChosenSender) throws -> MessageAttempt {
        MessageAttempt(
            id: .ordered(), message: try row.requireUUID("id"), number: (number ?? 0) + 1, nonce: AttemptNonce.make(),
            madeAt: .now,
            credential: try row.requireUUID("credential_id"), sender: sender.sender, line: sender.line,
            phoneNumber: sender.phoneNumber, to: try row.requireString("to_address"),
            body: try row.requireString("body"), mediaURLs: OutboundMedia.urls(row),
            validFor: min(row.int("valid_for") ?? .max, MessageSender.longestValidity))
    }

    /// Writes the attempts down, and ends the transaction.
    private static func commit(_ attempts: [MessageAttempt], in transaction: Transaction) async throws {
        let organization = PostgresValue(transaction.organization)
        let messages = attempts.map(\.message)
        do {
            _ = try await transaction.commit(
                with: [
                    (
                        AttemptQueries.beginAttempts,
                        [
                            organization, .uuids(attempts.map(\.id)), .uuids(messages),
                            .ints(attempts.map { Int64($0.number) }), .texts(attempts.map(\.nonce)),
                            .text("\(deadline.components.seconds)"),
                        ]
                    ), (AttemptQueries.startSending, [organization, .uuids(messages)]),
                ] + MessageStore.notes(.sending, of: messages, source: .worker, in: transaction))
        } catch {
            if error.code == .connectionLost { throw UnansweredCommit(attempts: attempts, reason: error) }
            throw error
        }
    }

    // MARK: One

    private static func begin(_ message: UUID, in transaction: Transaction) async throws -> Beginning {
        let organization = PostgresValue(transaction.organization)
        let key: [PostgresValue] = [organization, .uuid(message)]
        let values: [PostgresValue] = [organization, .uuids([message])]
        // In one round trip: each sees what was committed when the locks before it were had.
        let found = try await transaction.execute(
            [(AttemptQueries.lockForSending, key)] + OptOutRegister.question(message: message, in: transaction)
                + [
                    (AttemptQueries.toSend, values), (AttemptQueries.attempts, values),
                    SenderLane.paces(of: [message], in: transaction),
                ])
        guard let row = found[3].rows.first, let lane = found[5].rows.first,
            let status = row.string("status").flatMap(MessageStatus.init(rawValue:))
        else { return .nothingToDo }
        let answer = try OptOutRegister.answers(found[1], found[2])[message]
        let attempts = found[4].rows.first
        let media = !OutboundMedia.urls(row).isEmpty
        let pace = try SenderLane.Pace(lane, media: media)

        switch status {
        case .scheduled:
            // It may have been put off since the job was asked for.
            if let later = row.int("scheduled_in"), later > 0 { return .waiting(.microseconds(later)) }
        // What a paused bulk has made already waits for its resumption, which asks for it again.
        case .queued where row.string("bulk_state") == "PAUSED":
            return .nothingToDo
        case .queued where row.string("twilio_sid") == nil:
            break
        case .queued:
            return try await acknowledge(message, row, in: transaction)
        case .sending:
            // Somebody began and did not end. Within the attempt's deadline it may still be at work.
            if let left = attempts?.int("under_way_for"), left > 0 { return .underWay(.milliseconds(left)) }
            if row.string("twilio_sid") != nil {
                return try await acknowledge(message, row, in: transaction)
            }
            guard let open = attempts?.uuid("open") else { return .nothingToDo }
            try await AttemptCloser.doubt(
                message, attempt: open, reason: "The worker died while sending.", in: transaction)
            return .doubted
        default:
            return .nothingToDo
        }

        guard let answer, !answer.isForbidden else {
            return try await refuse(message, key, code: Refusal.optOutCode, Refusal.optedOut.message, in: transaction)
        }
        if row.bool("respects_quiet_hours") == true,
            let wait = try await waitOutQuietHours(message, contactZone: answer.timeZone, in: transaction)
        {
            return .waiting(wait)
        }
        if status == .scheduled {
            _ = try await transaction.execute(ScheduleQueries.enter, key)
            try await MessageStore.note(.queued, of: message, source: .worker, in: transaction)
        }
        let validFor = row.int("valid_for") ?? MessageSender.longestValidity
        guard validFor > 0 else {
            return try await refuse(
                message, key, code: Refusal.expiredCode, Refusal.expired(attempts?.string("last_reason")),
                in: transaction)
        }
        let credential = try row.requireUUID("credential_id")
        guard row.string("credential_status") == "VERIFIED" else {
            return try await refuse(
                message, key, code: nil, Refusal.credentialGone, in: transaction)
        }
        let (sender, isChanged) = try await chosenSender(message, row, pace, credential: credential, in: transaction)
        let current =
            isChanged ? try await transaction.execute([SenderLane.paces(of: [message], in: transaction)]) : []
        if case .later(let turn) = try await SenderLane.turn(
            of: message, try current.first?.rows.first.map { try SenderLane.Pace($0, media: media) } ?? pace,
            line: sender.line, credential: credential, in: transaction)
        {
            // It would come too late: better said now.
            guard turn < .seconds(validFor) else {
                return try await refuse(
                    message, key, code: Refusal.expiredCode, Refusal.expired(Refusal.longLine), in: transaction)
            }
            return .waiting(turn)
        }
        let attempt = try attempt(at: row, number: attempts?.int("attempts"), sender)
        Failpoint.reach(.beforeAttemptCommits)
        try await commit([attempt], in: transaction)
        return .attempt(attempt)
    }

    /// How long the recipient's quiet hours still last; the message may go out as much longer.
    private static func waitOutQuietHours(
        _ message: UUID, contactZone: String?, in transaction: Transaction
    ) async throws -> Duration? {
        let now = Date()
        let rules = try await MessagingRules.read(in: transaction)
        guard let end = rules.quietEnd(at: now, contactZone: contactZone) else { return nil }
        _ = try await transaction.execute(
            ScheduleQueries.holdBack,
            [PostgresValue(transaction.organization), .uuid(message), .timestamp(end)])
        return .seconds(end.timeIntervalSince(now))
    }

    private struct ChosenSender {
        let sender: Twilio.Message.Creation.Sender
        let line: String
        let phoneNumber: UUID?

        init(_ number: String, id: UUID?) {
            self.init(sender: .from(number), line: number, phoneNumber: id)
        }

        /// The one that stands in the message's row.
        init(_ row: PostgresRow) throws {
            if let service = row.string("messaging_service_sid"), let sid = MessagingServiceSid(service) {
                self.init(sender: .messagingService(sid), line: service, phoneNumber: nil)
            } else {
                self.init(try row.requireString("from_address"), id: row.uuid("phone_number_id"))
            }
        }

        private init(sender: Twilio.Message.Creation.Sender, line: String, phoneNumber: UUID?) {
            (self.sender, self.line, self.phoneNumber) = (sender, line, phoneNumber)
        }
    }

    /// The message's sender, and whether it is another one than before: where the rotation chose it and it has to rest
    /// since.
    private static func chosenSender(
        _ message: UUID, _ row: PostgresRow, _ pace: SenderLane.Pace, credential: UUID, in transaction: Transaction
    ) async throws -> (ChosenSender, isChanged: Bool) {
        let chosen = try ChosenSender(row)
        guard pace.isResting, let number = chosen.phoneNumber,
            row.string("sender_choice") == SenderChoice.Kind.rotation.rawValue
        else { return (chosen, false) }
        let picked = try await SenderChoice.rotate(
            to: try row.requireString("to_address"), credential: credential,
            conversation: try row.requireUUID("conversation_id"), media: !OutboundMedia.urls(row).isEmpty,
            in: transaction)
        // The register was asked about the former number. Where it forbids the other one, the former one goes on.
        guard let picked, picked.id != number,
            try await !OptOutRegister.forbids(
                contact: try row.requireUUID("contact_id"), number: picked.id, in: transaction)
        else { return (chosen, false) }
        _ = try await transaction.execute(
            MessagingQueries.changeSender,
            [PostgresValue(transaction.organization), .uuid(message), .text(picked.number), .uuid(picked.id)])
        return (ChosenSender(picked.number, id: picked.id), true)
    }

    /// Twilio has it already: it is never handed over again.
    private static func acknowledge(
        _ message: UUID, _ row: PostgresRow, in transaction: Transaction
    ) async throws -> Beginning {
        _ = try await transaction.execute(
            AttemptQueries.acknowledge, [PostgresValue(transaction.organization), .uuid(message)])
        try await MessageStore.note(.accepted, of: message, source: .worker, in: transaction)
        try await Reconciler.watch(message, credential: try row.requireUUID("credential_id"), in: transaction)
        return .changed
    }

    private static func refuse(
        _ message: UUID, _ key: [PostgresValue], code: Int?, _ reason: String, in transaction: Transaction
    ) async throws -> Beginning {
        _ = try await transaction.execute(
            AttemptQueries.refuseQueued, key + [PostgresValue(code), .text(reason)])
        try await MessageStore.note(.failed, of: message, source: .worker, in: transaction)
        return .changed
    }
}
