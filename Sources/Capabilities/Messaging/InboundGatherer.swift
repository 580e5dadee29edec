package import Credentials
package import Foundation
package import JobQueue
package import Postgres
import Twilio

/// Finds what came in while its webhook did not reach us: every few minutes Twilio's list of what each of a credential's
/// numbers received is read, from where it was read last. One job for each credential that was ever synced.
///
/// What is younger than two minutes is left to its webhook. Whichever of the two is first keeps the other from doing it
/// again: both claim the same receipt in the transaction of what they do.
package struct InboundGatherer: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let announcements: MessageAnnouncements

    /// Seconds that a webhook may take, with all its tries.
    private static let patience: TimeInterval = 120
    /// Seconds by which two looks overlap, for what Twilio lists late.
    private static let overlap: TimeInterval = 600
    /// Seconds that are looked back at first. What is older comes with a sync.
    private static let firstLook: TimeInterval = 86_400
    /// Between two looks.
    private static let pace: Duration = .seconds(300)

    package init(database: Database, credentials: CredentialManager, announcements: MessageAnnouncements) {
        self.database = database
        self.credentials = credentials
        self.announcements = announcements
    }

    /// From now on what comes in by a credential is asked for. Call it late in the transaction.
    package static func watch(credential: UUID, in transaction: Transaction) async throws(JobQueueError) {
        try await WorkQueue.enqueue(
            MessageJobs.gather, subject: credential, runAt: Date(timeIntervalSinceNow: Double(pace.components.seconds)),
            in: transaction)
    }

    /// The handler of ``MessageJobs/gather``. The subject is a credential.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        let key: [PostgresValue] = [.organization(organization), .uuid(job.subject)]
        let found = try await database.read(organization, InboundQueries.standing, key)
        guard let row = found.rows.first, row.string("status") != "REVOKED" else { return .done }
        // Nobody may be asked for the moment.
        guard row.string("status") == "VERIFIED" else { return .again(after: Self.pace) }
        let until = Date(timeIntervalSinceNow: -Self.patience)
        let before = row.timestamp("checked_until") ?? until.addingTimeInterval(-Self.firstLook)
        let numbers = try await database.read(organization, InboundQueries.numbers, key)
        var changed = false
        do {
            let lease = try await credentials.lease(organization, credential: job.subject, purpose: .reconcile)
            for row in numbers.rows {
                var filter = Message.Filter()
                filter.to = try row.requireString("number")
                filter.dateSent = TimeFilter(
                    from: .instant(before.addingTimeInterval(-Self.overlap)), to: .instant(until))
                for try await page in lease.client.messages.list(filter, pageSize: 200).pages() {
                    let added = try await database.withTenant(organization) { transaction in
                        try await PastMessages.recordMissed(
                            page.elements, credential: job.subject, in: transaction)
                    }
                    changed = changed || added > 0
                }
            }
        } catch is LeaseError {
            return .done
        } catch is TwilioCallError {
            // What was read is kept; the next look begins where this one began.
            if changed { announce(organization) }
            return .again(after: Self.pace)
        }
        try await database.withTenant(organization) { transaction in
            _ = try await transaction.execute(InboundQueries.note, key + [.timestamp(until)])
        }
        if changed { announce(organization) }
        return .again(after: Self.pace)
    }

    /// There may be files to fetch, and messages that answer.
    private func announce(_ organization: OrganizationID) {
        announcements.mediaArrived(for: organization)
        announcements.messageQueued(for: organization)
    }
}
