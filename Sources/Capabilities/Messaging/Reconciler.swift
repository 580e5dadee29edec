package import Credentials
import Foundation
package import JobQueue
package import Postgres
import Twilio

/// Asks Twilio for what it has and says nothing about: a callback that was lost leaves a message where it was, and this
/// moves it on. One job for each credential, which goes while there is something to watch; a run asks for few messages,
/// one after the other, each by its own SID.
package struct Reconciler: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let announcements: MessageAnnouncements

    /// Seconds until Twilio is first asked for a message: time for its callbacks, which come within seconds.
    static let patience: TimeInterval = 120
    /// Messages that one run asks for.
    private static let batch = 50
    /// Between two runs that had work.
    private static let pace: Duration = .seconds(5)
    /// The longest pause of a run that found nothing due.
    private static let longestPause: Duration = .seconds(300)
    /// Seconds between two looks at the same message: twice the time before, at most this.
    private static let longestWait: TimeInterval = 14_400
    /// Seconds after which a message is left as it is. Many carriers never report what became of a message.
    private static let hope = 259_200

    package init(database: Database, credentials: CredentialManager, announcements: MessageAnnouncements) {
        self.database = database
        self.credentials = credentials
        self.announcements = announcements
    }

    /// Watches a message that Twilio has; inside the transaction that found it out, late in it.
    static func watch(
        _ message: UUID, credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) {
        _ = try await transaction.execute(watching([message], credential: credential, in: transaction))
    }

    /// The same as statements, for whoever sends several in one round trip.
    static func watching(
        _ messages: [UUID], credential: UUID, in transaction: Transaction
    ) -> [(Statement, [PostgresValue])] {
        let organization = PostgresValue(transaction.organization)
        return [
            (
                ReconciliationQueries.watch,
                [organization, .uuids(messages), .text("\(patience)"), .uuid(credential)]
            ),
            (
                ReconciliationQueries.ask,
                [
                    organization, .text(MessageJobs.reconcile.rawValue), .uuid(credential), .text("\(patience)"),
                ]
            ),
        ]
    }

    /// The handler of ``MessageJobs/reconcile``. The subject is a credential.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        let found = try await database.read(
            organization, ReconciliationQueries.overdue,
            [
                .organization(organization), .uuid(job.subject), .int(Self.batch), .text("\(Self.hope)"),
            ])
        guard !found.rows.isEmpty else {
            let next = try await database.read(
                organization, ReconciliationQueries.next, [.organization(organization), .uuid(job.subject)])
            guard let seconds = next.rows.first?.int("due_in") else { return .done }
            return .again(after: min(.seconds(seconds), Self.longestPause))
        }
        let lease: TwilioLease
        do {
            lease = try await credentials.lease(organization, credential: job.subject, purpose: .reconcile)
        } catch LeaseError.noCredential {
            // Nobody may ask for these any more.
            return .done
        }
        var changed = false
        for row in found.rows {
            let message = try row.requireUUID("message_id")
            let checks = try row.requireInt("checks")
            guard try row.requireBool("is_past_hope") == false, let sid = row.string("twilio_sid"),
                let messageSid = MessageSid(sid),
                let status = row.string("status").flatMap(MessageStatus.init(rawValue:)), !status.isFinal
            else {
                try await unwatch(message, organization)
                continue
            }
            let resource: Twilio.Message
            do throws(TwilioCallError) {
                resource = try await lease.client.messages.fetch(messageSid)
            } catch .refused(let refusal) where refusal.status == 404 {
                // Gone there: left as it is.
                try await unwatch(message, organization)
                continue
            } catch {
                // Held back or failing: the others would not fare better now.
                if changed { announcements.messageChanged(for: organization) }
                return .retry(after: .seconds(30))
            }
            changed = try await settle(message, resource, checks: checks, organization) || changed
        }
        if changed { announcements.messageChanged(for: organization) }
        return .again(after: Self.pace)
    }

    /// Answers whether the message moved.
    private func settle(
        _ message: UUID, _ resource: Twilio.Message, checks: Int, _ organization: OrganizationID
    ) async throws -> Bool {
        try await database.withTenant(organization) { transaction in
            var moved = false
            if let status = MessageStatus(carrierReport: resource.status.rawValue) {
                let report = CarrierReport(
                    sid: resource.sid.description, status: status, errorCode: resource.errorCode,
                    from: resource.from, source: .reconciliation,
                    evidence: "Twilio said \(resource.status.rawValue) when asked.")
                moved = try await MessageStore.take(report, of: message, in: transaction)
            }
            let wait = min(Self.patience * Double(1 << min(checks + 1, 10)), Self.longestWait)
            _ = try await transaction.execute(
                ReconciliationQueries.putOff,
                [.organization(organization), .uuid(message), .text("\(wait)")])
            return moved
        }
    }

    private func unwatch(_ message: UUID, _ organization: OrganizationID) async throws {
        try await database.withTenant(organization) { transaction in
            _ = try await transaction.execute(
                ReconciliationQueries.unwatch, [.organization(organization), .uuids([message])])
        }
    }
}
