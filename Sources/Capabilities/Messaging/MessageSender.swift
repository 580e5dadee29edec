package import Credentials
import Foundation
package import JobQueue
package import Postgres
import QueryEngine

/// One attempt to hand a message to Twilio, from the claim of its job to what became of it.
///
/// What must stay true:
/// - The attempt is committed before the first byte goes out, and no transaction is open while it is under way.
/// - A message that may have reached Twilio is never sent again by itself: it is IN_DOUBT until evidence settles it.
/// - Every change is a compare-and-swap on the state it was decided from.
/// - No attempt commits after an opt-out has committed: the contact's row is locked while the attempt is begun, and
///   just before the POST there is a second look. What remains open is 25 ms, and the length of one POST.
package struct MessageSender: Sendable {
    private let credentials: CredentialManager
    private let announcements: MessageAnnouncements
    private let hooks: HookURLs
    private let beginner: AttemptBeginner
    private let closer: AttemptCloser
    private let secondLooks: Batcher<OrganizationID, UUID, SecondLook>

    private let longestWait: Duration

    /// Seconds; Twilio's limit for a validity period, and its default.
    static let longestValidity = 36_000

    /// Of an attempt until its POST begins: as long as the calls before it may take. There is time for one more within its
    /// deadline then.
    package static let longestWait: Duration = .seconds(15)

    /// - Parameters:
    ///   - longestWait: how old an attempt may be when its POST begins.
    ///   - dangerouslyForgetsAttempts: sends again whatever has no answer, as if no attempt had been written down. Only for
    ///     tests that want to see the harm.
    package init(
        database: Database, credentials: CredentialManager, announcements: MessageAnnouncements,
        hooks: HookURLs, longestWait: Duration = Self.longestWait, dangerouslyForgetsAttempts: Bool = false
    ) {
        self.longestWait = longestWait
        beginner = AttemptBeginner(database: database)
        closer = AttemptCloser(database: database, forgetsAttempts: dangerouslyForgetsAttempts)
        secondLooks = Batcher(limit: MessageJobs.largestSet, second: MessageJobs.secondLooks) {
            organization, messages in
            let found = try await database.read(
                organization, AttemptQueries.secondLook, [.organization(organization), .uuids(messages)],
                planning: .once)
            var looks: [UUID: SecondLook] = [:]
            for row in found.rows {
                looks[try row.requireUUID("id")] = SecondLook(
                    isCredentialUsable: try row.requireBool("is_credential_usable"),
                    isOptedOut: try row.requireBool("opted_out"))
            }
            return messages.map { looks[$0] ?? SecondLook(isCredentialUsable: false, isOptedOut: false) }
        }
        self.credentials = credentials
        self.announcements = announcements
        self.hooks = hooks
    }

    /// The handler of ``MessageJobs/send``.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        switch try await beginner.begin(job.subject, of: organization) {
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
            // Whatever became of this task: what is known of an attempt is written down.
            let outcome = try await Task { try await closer.end(attempt, with: ending, for: organization) }.value
            Failpoint.reach(.afterOutcomeCommits)
            if case .inDoubt = ending {
                announcements.messageDoubted(for: organization)
            } else {
                announcements.messageChanged(for: organization)
            }
            if case .refused(let code, let remedy, let version?) = ending {
                try await credentials.markInvalid(
                    attempt.credential, of: organization, version: version, reason: remedy,
                    account: code == Refusal.suspendedCode ? .suspended : nil)
            }
            if case .refused(Refusal.unverifiedCode, _, _) = ending {
                try await credentials.forgetRecipient(attempt.to, of: attempt.credential, organization)
            }
            return outcome
        }
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
        let ending = await AttemptEnding.of(attempt, by: lease, hooks: hooks) {
            if let refusal = await secondLook(attempt, for: organization) { return refusal }
            Failpoint.reach(.beforePost)
            return nil
        }
        Failpoint.reach(.afterPost)
        guard case .refused(_, _, .some) = ending else { return ending }
        do {
            guard try await credentials.isReplaced(lease) else { return ending }
            return .notSent(reason: "The credential was rotated meanwhile.", retryAfter: .milliseconds(100))
        } catch {
            return .notSent(reason: "The database did not answer.", retryAfter: .seconds(5))
        }
    }

    private struct SecondLook: Sendable {
        let isCredentialUsable: Bool
        let isOptedOut: Bool
    }

    /// An opt-out or a revocation that committed after the attempt was begun still stops it; `nil` when there is none.
    private func secondLook(_ attempt: MessageAttempt, for organization: OrganizationID) async -> AttemptEnding? {
        guard ContinuousClock.now - attempt.madeAt <= longestWait else {
            return .notSent(reason: "Calls to Twilio took too long to get a turn.", retryAfter: .milliseconds(500))
        }
        do {
            let look = try await secondLooks.submit(attempt.message, for: organization)
            guard look.isCredentialUsable else {
                return .withdrawn(code: nil, remedy: Refusal.credentialGone)
            }
            guard look.isOptedOut else { return nil }
            return .withdrawn(code: Refusal.optOutCode, remedy: Refusal.optedOut.message)
        } catch {
            return .notSent(reason: "The database did not answer.", retryAfter: .seconds(5))
        }
    }
}
