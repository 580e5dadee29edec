import Foundation
import JobQueue
import Numbers
import OptOuts
import Postgres
import QueryEngine
import Twilio

/// The second half of an attempt: what became of it, written down.
struct AttemptCloser: Sendable {
    private let database: Database
    private let forgetsAttempts: Bool
    /// Answers whether that was all: what is not as expected is ended alone.
    private let accepting: Batcher<OrganizationID, Acceptance, Bool>

    private struct Acceptance: Sendable {
        let attempt: MessageAttempt
        let sid: String
    }

    init(database: Database, forgetsAttempts: Bool) {
        self.database = database
        self.forgetsAttempts = forgetsAttempts
        accepting = Batcher(
            limit: MessageJobs.largestSet, second: MessageJobs.secondSet, pace: .milliseconds(12)
        ) { organization, acceptances in
            try await database.withTenant(organization, planning: .once) { transaction in
                let settled = try await Self.accept(acceptances, in: transaction)
                return acceptances.map { settled.contains($0.attempt.message) }
            }
        }
    }

    /// Tried again for as long as anybody waits for the attempt, whatever keeps it from being written: what became of the
    /// attempt is known here and nowhere else. Each try is a compare-and-swap, so that one whose answer was lost does no harm.
    func end(
        _ attempt: MessageAttempt, with ending: AttemptEnding, for organization: OrganizationID
    ) async throws -> JobOutcome {
        let end = ContinuousClock.now.advanced(by: AttemptBeginner.deadline)
        var pause = Duration.milliseconds(100)
        while true {
            do {
                return try await tryToEnd(attempt, with: ending, for: organization)
            } catch let error as PostgresError where error.code != .closed && ContinuousClock.now < end {
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(2))
            }
        }
    }

    /// A sync may bring the same message in between two statements; what it made is looked for anew then.
    private func tryToEnd(
        _ attempt: MessageAttempt, with ending: AttemptEnding, for organization: OrganizationID
    ) async throws -> JobOutcome {
        do {
            if case .accepted(let sid) = ending,
                try await accepting.submit(Acceptance(attempt: attempt, sid: sid), for: organization)
            {
                return .done
            }
            return try await database.withTenant(organization) { try await end(attempt, with: ending, in: $0) }
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
            try await Self.accept(attempt, sid: sid, in: transaction)
            return .done
        case .refused(let code, let remedy, _):
            let settled = try await Self.close(
                attempt, "FAILED", remedy, .failed, code: code, shown: remedy, in: transaction)
            if settled != nil, code == Refusal.optOutCode {
                try await OptOutRegister.noteCarrierRefusal(of: attempt.message, in: transaction)
            }
            return .done
        case .withdrawn(let code, let remedy):
            _ = try await Self.close(attempt, "FAILED", remedy, .failed, code: code, shown: remedy, in: transaction)
            return .done
        case .notSent(let reason, let retryAfter, let less):
            // Not later than the moment in which it is too late: then it has failed, and says so.
            let pause = min(retryAfter, .seconds(attempt.validFor + 1))
            let settled = try await Self.close(attempt, "NOT_SENT", reason, .queued, in: transaction)
            if settled == .inDoubt {
                // Whoever doubted it has ended its job.
                try await WorkQueue.enqueue(
                    MessageJobs.send, subject: attempt.message,
                    runAt: Date(timeIntervalSinceNow: pause / .seconds(1)), in: transaction)
            }
            if less == .fromSender, let number = attempt.phoneNumber {
                try await NumberStore.trouble(number, in: transaction)
            }
            if let less {
                try await SenderLane.slowDown(
                    less == .fromSender ? attempt.line : SenderLane.account, credential: attempt.credential,
                    pause: retryAfter, attempt: attempt.id, in: transaction)
            }
            return .retry(after: pause)
        case .inDoubt(let reason) where forgetsAttempts:
            _ = try await Self.close(attempt, "NOT_SENT", reason, .queued, in: transaction)
            return .retry(after: .zero)
        case .inDoubt(let reason):
            try await Self.doubt(attempt.message, attempt: attempt.id, reason: reason, in: transaction)
            return .done
        }
    }

    // MARK: Accepted

    /// Answers which messages were still SENDING; these are ACCEPTED now.
    private static func accept(_ acceptances: [Acceptance], in transaction: Transaction) async throws -> Set<UUID> {
        let (statement, values) = settling(acceptances, in: transaction)
        let written = try await transaction.execute(statement, values)
        let settled = Set(try written.rows.map { try $0.requireUUID("id") })
        Failpoint.reach(.beforeOutcomeCommits)
        guard !settled.isEmpty else { return [] }
        let watched = Dictionary(grouping: acceptances.map(\.attempt).filter { settled.contains($0.message) }) {
            $0.credential
        }
        _ = try await transaction.commit(
            with: MessageStore.notes(.accepted, of: Array(settled), source: .worker, in: transaction)
                + watched.sorted { $0.key.uuidString < $1.key.uuidString }.flatMap { credential, attempts in
                    Reconciler.watching(attempts.map(\.message), credential: credential, in: transaction)
                })
        return settled
    }

    /// Accepts those that are SENDING by these very attempts, and closes the attempts: a row for each.
    private static func settling(
        _ acceptances: [Acceptance], in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (
            AttemptQueries.acceptMany,
            [
                PostgresValue(transaction.organization), .uuids(acceptances.map(\.attempt.id)),
                .uuids(acceptances.map(\.attempt.message)), .texts(acceptances.map(\.sid)),
            ]
        )
    }

    private static func accept(
        _ attempt: MessageAttempt, sid: String, in transaction: Transaction
    ) async throws {
        let organization = PostgresValue(transaction.organization)
        let written = try await transaction.execute([
            (AttemptQueries.lockForSending, [organization, .uuid(attempt.message)]),
            (AttemptQueries.dropCopies, [organization, .uuid(attempt.message), .text(sid)]),
            settling([Acceptance(attempt: attempt, sid: sid)], in: transaction),
            closing(attempt.id, "ACCEPTED", nil, in: transaction),
            (
                EvidenceQueries.messageOfAttempt,
                [organization, .text(attempt.nonce), .uuid(attempt.credential)]
            ),
        ])
        let wasOpen = written[3].count == 1
        let isCurrent = written[4].rows.first != nil
        if written[2].rows.count == 1 {
            _ = try await transaction.commit(
                with: MessageStore.notes(.accepted, of: [attempt.message], source: .worker, in: transaction)
                    + Reconciler.watching([attempt.message], credential: attempt.credential, in: transaction))
        } else if !wasOpen, isCurrent {
            // A callback was faster; or somebody doubted the attempt while its answer was on the way, and here it is. What
            // Twilio has given up since, and another attempt is to send, is not brought back by it.
            let report = CarrierReport(
                sid: sid, status: .accepted, errorCode: nil, from: nil, source: .worker,
                evidence: "Twilio's answer came late.")
            _ = try await MessageStore.take(report, of: attempt.message, in: transaction)
        }
    }

    // MARK: Anything else

    static func doubt(
        _ message: UUID, attempt: UUID, reason: String, in transaction: Transaction
    ) async throws {
        let settled = try await close(
            attempt, of: message, from: [.sending], "IN_DOUBT", reason, .inDoubt, shown: reason, in: transaction)
        guard settled != nil else { return }
        try await WorkQueue.enqueue(
            MessageJobs.settleDoubt, subject: message, runAt: Date(timeIntervalSinceNow: DoubtSettler.firstLook),
            in: transaction)
    }

    /// By whoever holds the attempt and knows for certain: also when somebody has doubted it meanwhile.
    private static func close(
        _ attempt: MessageAttempt, _ state: String, _ reason: String, _ status: MessageStatus, code: Int? = nil,
        shown: String? = nil, in transaction: Transaction
    ) async throws -> MessageStatus? {
        try await close(
            attempt.id, of: attempt.message, from: [.sending, .inDoubt], state, reason, status, code: code,
            shown: shown,
            in: transaction)
    }

    /// Closes an attempt that is still open, and brings its message to `status`: a callback may have been faster.
    /// - Parameters:
    ///   - former: the states in which attempt and message are still open for this.
    ///   - shown: what the message says of it.
    /// - Returns: the state of the message before; `nil` when nothing was changed.
    private static func close(
        _ attempt: UUID, of message: UUID, from former: [MessageStatus], _ state: String, _ reason: String,
        _ status: MessageStatus, code: Int? = nil, shown: String?, in transaction: Transaction
    ) async throws -> MessageStatus? {
        let organization = PostgresValue(transaction.organization)
        // The message before its attempt, as callbacks lock them.
        let closed = try await transaction.execute([
            (AttemptQueries.lockForSending, [organization, .uuid(message)]),
            closing(attempt, from: former, state, reason, in: transaction),
        ])
        guard let before = closed[1].rows.first?.string("former").flatMap(MessageStatus.init(rawValue:)) else {
            return nil
        }
        let settled = try await transaction.execute(
            AttemptQueries.settle,
            [
                organization, .uuid(message), .text(status.rawValue), PostgresValue(code), PostgresValue(shown),
                .text(before.rawValue),
            ])
        guard settled.count == 1 else { return nil }
        try await MessageStore.note(status, of: message, source: .worker, in: transaction)
        return before
    }

    /// Changes one row if the attempt is still open.
    private static func closing(
        _ attempt: UUID, from former: [MessageStatus] = [.sending], _ state: String, _ reason: String?,
        in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (
            AttemptQueries.endAttempt,
            [
                PostgresValue(transaction.organization), .uuid(attempt), .text(state), PostgresValue(reason),
                .texts(former.map(\.rawValue)),
            ]
        )
    }
}
