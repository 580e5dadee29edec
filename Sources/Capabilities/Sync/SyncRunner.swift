package import Credentials
import Foundation
package import JobQueue
import Messaging
import Numbers
package import Postgres
import Twilio

/// One run: the account's numbers, then its messages, page by page. Each page is a commit of its own and everything in
/// it is told from what is known by Twilio's SID, so a run that is taken up again does nothing twice.
package struct SyncRunner: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let announcements: SyncAnnouncements
    private let hooks: HookURLs

    /// How often a run is tried before it has FAILED, when Twilio cannot be reached.
    private static let tries = 5

    package init(
        database: Database, credentials: CredentialManager, announcements: SyncAnnouncements, hooks: HookURLs
    ) {
        self.database = database
        self.credentials = credentials
        self.announcements = announcements
        self.hooks = hooks
    }

    /// The handler of ``SyncJobs/run``.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        let key: [PostgresValue] = [.organization(organization), .uuid(job.subject)]
        let begun = try await database.withTenant(organization) { transaction in
            let begun = try await transaction.execute(SyncQueries.begin, key)
            if begun.count == 1 { try await SyncAnnouncements.note(in: transaction) }
            return begun
        }
        guard let row = begun.rows.first else { return .done }
        announcements.syncChanged(for: organization)
        let credential = try row.requireUUID("credential_id")
        // An account counts as the organization's only when Twilio has confirmed the credential.
        if let unusable = Self.refusal(
            try row.requireString("credential_status"), row.string("credential_error"))
        {
            try await end(.failed, unusable, key, organization)
            return .done
        }
        var lease: TwilioLease?
        do {
            let opened = try await credentials.lease(organization, credential: credential, purpose: .sync)
            lease = opened
            if case .unusable(let problem) = try await credentials.renewAccount(opened) {
                try await end(.failed, problem + Self.thenVerify, key, organization)
                return .done
            }
            let policy = WebhookPolicy(rawValue: try row.requireString("webhooks")) ?? .whenEmpty
            let numbers = try await syncNumbers(opened, policy: policy)
            try await report(numbers: numbers, messages: 0, added: 0, key, organization)
            try await syncMessages(opened, numbers: numbers, key)
            try await database.withTenant(organization) { transaction in
                try await InboundGatherer.watch(credential: credential, in: transaction)
            }
            try await end(.completed, nil, key, organization)
            return .done
        } catch let error as LeaseError {
            try await end(.failed, error.description, key, organization)
            return .done
        } catch let failure as TwilioCallError {
            if case .refused(let refusal) = failure, refusal.isOfInactiveAccount, let lease {
                try await credentials.markInvalid(
                    credential, of: organization, version: lease.version, reason: refusal.remedy, account: .suspended)
            }
            if failure.disposition == .fixCredential, let lease {
                if try await credentials.isReplaced(lease) { return .retry(after: .milliseconds(100)) }
                try await credentials.markInvalid(
                    credential, of: organization, version: lease.version, reason: Self.remedy(failure))
            }
            // Everything here may be asked twice, so a doubtful answer is worth another try as well.
            guard [.retryLater, .inDoubt].contains(failure.disposition), job.attempt < Self.tries else {
                try await end(.failed, Self.remedy(failure), key, organization)
                return .done
            }
            return .retry(after: .seconds(1 << min(job.attempt, 6)))
        }
    }

    private static let thenVerify = " Then ask again with verifyCredential, and start the sync again."

    private static func refusal(_ status: String, _ error: String?) -> String? {
        switch status {
        case "UNVERIFIED":
            "Twilio has not confirmed this credential yet; ask it again with verifyCredential, then start the sync again."
        case "INVALID":
            "Twilio refuses this credential. \(error ?? "Check it in the Twilio console.")\(thenVerify)"
        default: nil
        }
    }

    private static func remedy(_ error: TwilioCallError) -> String {
        switch error {
        case .refused(let answer): answer.remedy
        case .heldBack(let why): why.remedy
        case .transport, .malformedAnswer: "Twilio gave no usable answer; start the sync again later."
        }
    }

    // MARK: Numbers

    private func syncNumbers(_ lease: TwilioLease, policy: WebhookPolicy) async throws -> Int {
        var found: [IncomingPhoneNumber] = []
        for try await number in lease.client.incomingPhoneNumbers.list() { found.append(number) }
        try await database.withTenant(lease.organization) { [found] transaction in
            for number in found {
                guard let facts = NumberFacts(number) else { continue }
                try await NumberStore.record(facts, credential: lease.credential, in: transaction)
            }
            try await NumberStore.deactivate(
                allBut: found.map(\.phoneNumber), credential: lease.credential, in: transaction)
        }
        let inbound = hooks.inbound(lease.hook)
        for number in found where policy.points(number.smsUrl, to: inbound, hooks: hooks.prefix) {
            var settings = IncomingPhoneNumber.Update()
            settings.smsUrl = inbound
            settings.smsMethod = .post
            _ = try await lease.client.incomingPhoneNumbers.update(number.sid, settings)
        }
        return found.count
    }

    // MARK: Messages

    private func syncMessages(_ lease: TwilioLease, numbers: Int, _ key: [PostgresValue]) async throws {
        var found = 0
        for try await page in lease.client.messages.list(pageSize: 200).pages() {
            found += page.elements.count
            // A run may outlast the credential: after a revocation no further page is kept.
            _ = try await credentials.lease(lease.organization, credential: lease.credential, purpose: .sync)
            let added = try await database.withTenant(lease.organization) { transaction in
                try await PastMessages.record(page.elements, credential: lease.credential, in: transaction)
            }
            try await report(numbers: numbers, messages: found, added: added, key, lease.organization)
        }
    }

    // MARK: Progress

    private enum Ending: String {
        case completed = "COMPLETED"
        case failed = "FAILED"
    }

    private func report(
        numbers: Int, messages: Int, added: Int, _ key: [PostgresValue], _ organization: OrganizationID
    ) async throws {
        try await database.withTenant(organization) { transaction in
            _ = try await transaction.execute(
                SyncQueries.progress, key + [.int(numbers), .int(messages), .int(added)])
            try await SyncAnnouncements.note(in: transaction)
        }
        announcements.syncChanged(for: organization)
    }

    private func end(
        _ ending: Ending, _ error: String?, _ key: [PostgresValue], _ organization: OrganizationID
    ) async throws {
        try await database.withTenant(organization) { transaction in
            _ = try await transaction.execute(SyncQueries.end, key + [.text(ending.rawValue), PostgresValue(error)])
            try await SyncAnnouncements.note(in: transaction)
        }
        announcements.syncChanged(for: organization)
    }
}
