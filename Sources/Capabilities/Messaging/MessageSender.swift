package import Credentials
import Foundation
package import JobQueue
import Numbers
import OptOuts
package import Postgres
import QueryEngine
import Twilio

/// One attempt to hand a message to Twilio, from the claim of its job to what became of it.
///
/// What must stay true:
/// - The attempt is committed before the first byte goes out, and no transaction is open while it is under way.
/// - A message that may have reached Twilio is never sent again by itself: it is IN_DOUBT until evidence settles it.
/// - Every change is a compare-and-swap on the state it was decided from.
/// - No attempt commits after an opt-out has committed: the contact's row is locked while the attempt is begun, and
///   just before the POST there is a second look. What remains open is the length of one POST.
package struct MessageSender: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let announcements: MessageAnnouncements
    private let hooks: HookURLs
    private let forgetsAttempts: Bool

    /// How long an attempt may be under way: Twilio's time for its answer, and some for opening the credential and
    /// writing down what came. Then whoever finds it unfinished doubts it.
    private static let deadline: Duration = TwilioClientFactory.patience + .seconds(15)
    /// Seconds; Twilio's limit for a validity period, and its default.
    static let longestValidity = 36_000

    /// - Parameter dangerouslyForgetsAttempts: sends again whatever has no answer, as if no attempt had been written down.
    ///   Only for tests that want to see the harm.
    package init(
        database: Database, credentials: CredentialManager, announcements: MessageAnnouncements,
        hooks: HookURLs, dangerouslyForgetsAttempts: Bool = false
    ) {
        forgetsAttempts = dangerouslyForgetsAttempts
        self.database = database
        self.credentials = credentials
        self.announcements = announcements
        self.hooks = hooks
    }

    /// The handler of ``MessageJobs/send``.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        let beginning = try await database.withTenant(organization) { try await begin(job.subject, in: $0) }
        switch beginning {
        case .nothingToDo:
            return .done
        case .underWay(let deadline):
            return .retry(after: deadline)
        case .waiting(let turn):
            return .again(after: turn)
        case .changed:
            announcements.messageChanged(for: organization)
            return .done
        case .doubted:
            announcements.messageDoubted(for: organization)
            return .done
        case .attempt(let attempt):
            Failpoint.reach(.afterAttemptCommits)
            announcements.messageChanged(for: organization)
            let ending = await send(attempt, for: organization)
            let outcome = try await end(attempt, with: ending, for: organization)
            Failpoint.reach(.afterOutcomeCommits)
            if case .inDoubt = ending {
                announcements.messageDoubted(for: organization)
            } else {
                announcements.messageChanged(for: organization)
            }
            if case .refused(_, let remedy, let version?) = ending {
                try await credentials.markInvalid(
                    attempt.credential, of: organization, version: version, reason: remedy)
            }
            return outcome
        }
    }

    // MARK: Before the POST

    private enum Beginning {
        case nothingToDo
        case underWay(Duration)
        /// Its turn comes later.
        case waiting(Duration)
        case changed
        case doubted
        case attempt(MessageAttempt)
    }

    private func begin(_ message: UUID, in transaction: Transaction) async throws -> Beginning {
        let key: [PostgresValue] = [PostgresValue(transaction.organization), .uuid(message)]
        // In one round trip: each sees what was committed when the locks before it were had.
        let found = try await transaction.execute(
            [(MessagingQueries.lockForSending, key), (MessagingQueries.attempts, key)]
                + OptOutRegister.question(message: message, in: transaction)
                + [SenderLane.pace(of: message, in: transaction)])
        guard found.count == 5, let row = found[0].rows.first, let attempts = found[1].rows.first,
            let pace = found[4].rows.first,
            let status = row.string("status").flatMap(MessageStatus.init(rawValue:))
        else { return .nothingToDo }

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
            if let left = attempts.int("under_way_for"), left > 0 { return .underWay(.milliseconds(left)) }
            if row.string("twilio_sid") != nil {
                return try await acknowledge(message, row, in: transaction)
            }
            guard let open = attempts.uuid("open") else { return .nothingToDo }
            try await doubt(message, attempt: open, reason: "The worker died while sending.", in: transaction)
            return .doubted
        default:
            return .nothingToDo
        }

        if OptOutRegister.forbids(found[3]) {
            return try await refuse(message, key, code: Refusal.optOutCode, Refusal.optedOut.message, in: transaction)
        }
        if row.bool("respects_quiet_hours") == true,
            let wait = try await waitOutQuietHours(message, row, in: transaction)
        {
            return .waiting(wait)
        }
        if status == .scheduled {
            _ = try await transaction.execute(ScheduleQueries.enter, key)
            try await MessageStore.note(.queued, of: message, source: .worker, in: transaction)
        }
        let validFor = row.int("valid_for") ?? Self.longestValidity
        guard validFor > 0 else {
            return try await refuse(
                message, key, code: Refusal.expiredCode, Refusal.expired(attempts.string("last_reason")),
                in: transaction)
        }
        let credential = try row.requireUUID("credential_id")
        guard row.string("credential_status") == "VERIFIED" else {
            return try await refuse(
                message, key, code: nil, Refusal.credentialGone, in: transaction)
        }
        let (sender, isChanged) = try await chosenSender(message, row, pace, credential: credential, in: transaction)
        let now =
            isChanged
            ? try await transaction.execute([SenderLane.pace(of: message, in: transaction)]).last?.rows.first : pace
        if case .later(let turn) = try await SenderLane.turn(
            of: message, pace: now ?? pace, line: sender.line, credential: credential, in: transaction)
        {
            // It would come too late: better said now.
            guard turn < .seconds(validFor) else {
                return try await refuse(
                    message, key, code: Refusal.expiredCode, Refusal.expired(Refusal.longLine), in: transaction)
            }
            return .waiting(turn)
        }
        let attempt = MessageAttempt(
            id: UUID(), message: message, number: (attempts.int("attempts") ?? 0) + 1,
            nonce: AttemptNonce.make(), credential: credential,
            sender: sender.sender, line: sender.line, phoneNumber: sender.phoneNumber,
            to: try row.requireString("to_address"), body: try row.requireString("body"),
            mediaURLs: OutboundMedia.urls(row), validFor: min(validFor, Self.longestValidity))
        Failpoint.reach(.beforeAttemptCommits)
        _ = try await transaction.commit(
            with: [
                (
                    MessagingQueries.beginAttempt,
                    [
                        PostgresValue(transaction.organization), .uuid(attempt.id), .uuid(message),
                        .int(attempt.number), .text(attempt.nonce), .text("\(Self.deadline.components.seconds)"),
                    ]
                ), (MessagingQueries.startSending, key),
            ] + MessageStore.notes(.sending, of: message, source: .worker, in: transaction))
        return .attempt(attempt)
    }

    /// How long the recipient's quiet hours still last; the message may go out as much longer.
    private func waitOutQuietHours(
        _ message: UUID, _ row: PostgresRow, in transaction: Transaction
    ) async throws -> Duration? {
        let rules = try await MessagingRules.read(in: transaction)
        guard rules.quietHours != nil else { return nil }
        let contact = try await transaction.execute(
            ScheduleQueries.contactZone,
            [PostgresValue(transaction.organization), .uuid(try row.requireUUID("contact_id"))])
        let now = Date()
        guard let end = rules.quietEnd(at: now, contactZone: contact.rows.first?.string("time_zone")) else {
            return nil
        }
        _ = try await transaction.execute(
            ScheduleQueries.holdBack,
            [PostgresValue(transaction.organization), .uuid(message), .timestamp(end)])
        return .seconds(end.timeIntervalSince(now))
    }

    private struct ChosenSender {
        let sender: Twilio.Message.Creation.Sender
        let line: String
        let phoneNumber: UUID?
    }

    /// The message's sender, and whether it is another one than before: where the rotation chose it and it has to rest
    /// since.
    private func chosenSender(
        _ message: UUID, _ row: PostgresRow, _ pace: PostgresRow, credential: UUID, in transaction: Transaction
    ) async throws -> (ChosenSender, isChanged: Bool) {
        if let service = row.string("messaging_service_sid"), let sid = MessagingServiceSid(service) {
            return (ChosenSender(sender: .messagingService(sid), line: service, phoneNumber: nil), false)
        }
        let from = try row.requireString("from_address")
        let number = row.uuid("phone_number_id")
        if row.string("sender_choice") == SenderChoice.Kind.rotation.rawValue, let number,
            try pace.requireBool("is_resting")
        {
            let picked = try await SenderChoice.rotate(
                to: try row.requireString("to_address"), credential: credential,
                conversation: try row.requireUUID("conversation_id"), media: !OutboundMedia.urls(row).isEmpty,
                in: transaction)
            if let picked, picked.id != number {
                _ = try await transaction.execute(
                    MessagingQueries.changeSender,
                    [
                        PostgresValue(transaction.organization), .uuid(message), .text(picked.number),
                        .uuid(picked.id),
                    ])
                return (
                    ChosenSender(sender: .from(picked.number), line: picked.number, phoneNumber: picked.id), true
                )
            }
        }
        return (ChosenSender(sender: .from(from), line: from, phoneNumber: number), false)
    }

    /// Twilio has it already: it is never handed over again.
    private func acknowledge(
        _ message: UUID, _ row: PostgresRow, in transaction: Transaction
    ) async throws -> Beginning {
        _ = try await transaction.execute(
            MessagingQueries.acknowledge, [PostgresValue(transaction.organization), .uuid(message)])
        try await MessageStore.note(.accepted, of: message, source: .worker, in: transaction)
        try await Reconciler.watch(message, credential: try row.requireUUID("credential_id"), in: transaction)
        return .changed
    }

    private func refuse(
        _ message: UUID, _ key: [PostgresValue], code: Int?, _ reason: String, in transaction: Transaction
    ) async throws -> Beginning {
        _ = try await transaction.execute(
            MessagingQueries.refuseQueued, key + [PostgresValue(code), .text(reason)])
        try await MessageStore.note(.failed, of: message, source: .worker, in: transaction)
        return .changed
    }

    // MARK: The POST

    /// At most one POST on the wire. Never throws: whatever happens has a name.
    private func send(_ attempt: MessageAttempt, for organization: OrganizationID) async -> AttemptEnding {
        let lease: TwilioLease
        do {
            lease = try await credentials.lease(organization, credential: attempt.credential, purpose: .send)
        } catch let error as LeaseError {
            return .withoutLease(error)
        } catch {
            return .notSent(reason: "The credential could not be opened.", retryAfter: .seconds(5))
        }
        if let refusal = await secondLook(attempt, for: organization) { return refusal }
        Failpoint.reach(.beforePost)
        let ending = await AttemptEnding.of(attempt, by: lease, hooks: hooks)
        Failpoint.reach(.afterPost)
        guard case .refused(_, _, .some) = ending else { return ending }
        do {
            guard try await credentials.isReplaced(lease) else { return ending }
            return .notSent(reason: "The credential was rotated meanwhile.", retryAfter: .milliseconds(100))
        } catch {
            return .notSent(reason: "The database did not answer.", retryAfter: .seconds(5))
        }
    }

    /// An opt-out or a revocation that committed after the attempt was begun still stops it; `nil` when there is none.
    private func secondLook(_ attempt: MessageAttempt, for organization: OrganizationID) async -> AttemptEnding? {
        do {
            let found = try await database.read(
                organization, MessagingQueries.secondLook, [.organization(organization), .uuid(attempt.message)])
            guard let row = found.rows.first, try row.requireBool("is_credential_usable") else {
                return .refused(code: nil, remedy: Refusal.credentialGone, secrets: nil)
            }
            guard try row.requireBool("opted_out") else { return nil }
            return .refused(code: Refusal.optOutCode, remedy: Refusal.optedOut.message, secrets: nil)
        } catch {
            return .notSent(reason: "The database did not answer.", retryAfter: .seconds(5))
        }
    }

    // MARK: After the POST

    /// A sync may bring the same message in between two statements; what it made is looked for anew then.
    private func end(
        _ attempt: MessageAttempt, with ending: AttemptEnding, for organization: OrganizationID
    ) async throws -> JobOutcome {
        do {
            return try await database.withTenant(organization) { transaction in
                try await end(attempt, with: ending, in: transaction)
            }
        } catch let error as PostgresError where error.isUniqueViolation {
            return try await database.withTenant(organization) { try await end(attempt, with: ending, in: $0) }
        }
    }

    private func end(
        _ attempt: MessageAttempt, with ending: AttemptEnding, in transaction: Transaction
    ) async throws -> JobOutcome {
        Failpoint.reach(.beforeOutcomeCommits)
        switch ending {
        case .accepted(let sid):
            try await accept(attempt, sid: sid, in: transaction)
            return .done
        case .refused(let code, let remedy, _):
            try await close(attempt, "FAILED", remedy, in: transaction)
            let settled = try await settle(attempt, .failed, code: code, reason: remedy, in: transaction)
            if settled, code == Refusal.optOutCode {
                try await OptOutRegister.noteCarrierRefusal(of: attempt.message, in: transaction)
            }
            return .done
        case .notSent(let reason, let retryAfter, let less):
            try await close(attempt, "NOT_SENT", reason, in: transaction)
            _ = try await settle(attempt, .queued, in: transaction)
            if less == .fromSender, let number = attempt.phoneNumber {
                try await NumberStore.trouble(number, in: transaction)
            }
            if let less {
                try await SenderLane.slowDown(
                    less == .fromSender ? attempt.line : SenderLane.account, credential: attempt.credential,
                    pause: retryAfter, attempt: attempt.id, in: transaction)
            }
            // Not later than the moment in which it is too late: then it has failed, and says so.
            return .retry(after: min(retryAfter, .seconds(attempt.validFor + 1)))
        case .inDoubt(let reason) where forgetsAttempts:
            try await close(attempt, "NOT_SENT", reason, in: transaction)
            _ = try await settle(attempt, .queued, in: transaction)
            return .retry(after: .zero)
        case .inDoubt(let reason):
            try await doubt(attempt.message, attempt: attempt.id, reason: reason, in: transaction)
            return .done
        }
    }

    private func accept(_ attempt: MessageAttempt, sid: String, in transaction: Transaction) async throws {
        let organization = PostgresValue(transaction.organization)
        let written = try await transaction.execute([
            (MessagingQueries.dropCopies, [organization, .uuid(attempt.message), .text(sid)]),
            closing(attempt, "ACCEPTED", nil, in: transaction),
            settling(attempt, .accepted, sid: sid, in: transaction),
        ])
        let wasOpen = written[1].count == 1
        if written[2].count == 1 {
            _ = try await transaction.commit(
                with: MessageStore.notes(.accepted, of: attempt.message, source: .worker, in: transaction)
                    + Reconciler.watching(attempt.message, credential: attempt.credential, in: transaction))
        } else if !wasOpen {
            // A callback was faster; or somebody doubted the attempt while its answer was on the way, and here it is.
            let report = CarrierReport(
                sid: sid, status: .accepted, errorCode: nil, from: nil, source: .worker,
                evidence: "Twilio's answer came late.")
            _ = try await MessageStore.take(report, of: attempt.message, in: transaction)
        }
    }

    private func doubt(
        _ message: UUID, attempt: UUID, reason: String, in transaction: Transaction
    ) async throws {
        let organization = PostgresValue(transaction.organization)
        _ = try await transaction.execute(
            MessagingQueries.endAttempt, [organization, .uuid(attempt), .text("IN_DOUBT"), .text(reason)])
        let settled = try await transaction.execute(
            MessagingQueries.settle,
            [organization, .uuid(message), .text(MessageStatus.inDoubt.rawValue), .null, .null, .text(reason)])
        guard settled.count == 1 else { return }
        try await MessageStore.note(.inDoubt, of: message, source: .worker, in: transaction)
        try await WorkQueue.enqueue(
            MessageJobs.settleDoubt, subject: message, runAt: Date(timeIntervalSinceNow: DoubtSettler.firstLook),
            in: transaction)
    }

    private func close(
        _ attempt: MessageAttempt, _ state: String, _ reason: String?, in transaction: Transaction
    ) async throws {
        _ = try await transaction.execute([closing(attempt, state, reason, in: transaction)])
    }

    /// Changes one row if the attempt is still open.
    private func closing(
        _ attempt: MessageAttempt, _ state: String, _ reason: String?, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (
            MessagingQueries.endAttempt,
            [PostgresValue(transaction.organization), .uuid(attempt.id), .text(state), PostgresValue(reason)]
        )
    }

    /// Changes one row if the message is still SENDING: a callback may have been faster.
    private func settling(
        _ attempt: MessageAttempt, _ status: MessageStatus, sid: String? = nil, code: Int? = nil,
        reason: String? = nil, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (
            MessagingQueries.settle,
            [
                PostgresValue(transaction.organization), .uuid(attempt.message), .text(status.rawValue),
                PostgresValue(sid), PostgresValue(code), PostgresValue(reason),
            ]
        )
    }

    /// Answers whether the message was still SENDING.
    private func settle(
        _ attempt: MessageAttempt, _ status: MessageStatus, code: Int? = nil, reason: String? = nil,
        in transaction: Transaction
    ) async throws -> Bool {
        let settled = try await transaction.execute([
            settling(attempt, status, code: code, reason: reason, in: transaction)
        ])
        guard settled.last?.count == 1 else { return false }
        try await MessageStore.note(status, of: attempt.message, source: .worker, in: transaction)
        return true
    }
}
