import Contacts
package import Credentials
import Foundation
package import JobQueue
package import Postgres
import Twilio
import Usage

/// Settles what is IN_DOUBT by evidence only: exactly one message in the account's own list that can be it, that we do
/// not know under another name, and that no other of our messages can be. A signed callback settles it as well, and usually sooner. Past hope it is UNKNOWN,
/// and it is
/// not sent again by itself, but for a one-time code of an organization that wants that: then another message takes its place,
/// once, and the first stays UNKNOWN until a late callback says more.
package struct DoubtSettler: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let announcements: MessageAnnouncements

    /// Seconds until Twilio's list is first asked: time for a callback to arrive.
    static let firstLook: TimeInterval = 15
    /// Between two looks.
    private static let interval: Duration = .seconds(60)

    package init(database: Database, credentials: CredentialManager, announcements: MessageAnnouncements) {
        self.database = database
        self.credentials = credentials
        self.announcements = announcements
    }

    /// The handler of ``MessageJobs/settleDoubt``.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        let found = try await database.read(
            organization, EvidenceQueries.inDoubt, [.organization(organization), .uuid(job.subject)])
        guard let row = found.rows.first else { return .done }
        let doubt = Doubt(
            message: job.subject, from: row.string("from_address"),
            service: row.string("messaging_service_sid"), to: try row.requireString("to_address"),
            body: try row.requireString("body"), startedAt: try row.requireTimestamp("started_at"))
        if let match = try await match(doubt, credential: try row.requireUUID("credential_id"), organization) {
            let settled = try await database.withTenant(organization) { transaction in
                try await MessageStore.take(
                    CarrierReport(
                        sid: match.sid, status: match.status, errorCode: match.errorCode, from: nil, source: .worker,
                        evidence: "Twilio's list has exactly one such message."),
                    of: doubt.message, in: transaction)
            }
            if settled { announcements.messageChanged(for: organization) }
            return .done
        }
        guard try row.requireBool("is_past_hope") else { return .retry(after: Self.interval) }
        let isResent = try await database.withTenant(organization) { transaction in
            try await Self.giveUp(doubt.message, in: transaction)
        }
        announcements.messageChanged(for: organization)
        if isResent { announcements.messageQueued(for: organization) }
        return .done
    }

    /// Answers whether another message takes its place.
    private static func giveUp(_ message: UUID, in transaction: Transaction) async throws -> Bool {
        let organization = PostgresValue(transaction.organization)
        let givenUp = try await transaction.execute(
            EvidenceQueries.giveUp, [organization, .uuid(message), .text(noSign)])
        guard givenUp.count == 1 else { return false }
        try await MessageStore.note(.unknown, of: message, source: .worker, in: transaction)
        let other = UUID()
        let resent = try await transaction.execute(
            EvidenceQueries.resend, [organization, .uuid(message), .uuid(other)])
        guard resent.count == 1 else { return false }
        _ = try await transaction.execute(MediaQueries.copyLinks, [organization, .uuid(message), .uuid(other)])
        try await MessageStore.note(.queued, of: other, source: .worker, in: transaction)
        try await UsageMeter.count(.messagesOutbound, in: transaction)
        try await WorkQueue.enqueue(MessageJobs.send, subject: other, in: transaction)
        return true
    }

    private static let noSign =
        "Twilio gave no sign of this message in the time for which it was valid. Look in the Twilio console before you send "
        + "it again."

    private struct Doubt: Sendable {
        let message: UUID
        /// Nil where a messaging service was to choose.
        let from: String?
        let service: String?
        let to: String
        let body: String
        let startedAt: Date
    }

    private struct Match: Sendable {
        let sid: String
        let status: MessageStatus
        let errorCode: Int?
    }

    /// The one message of the account that can be the doubted one; `nil` when there is none, several, or no answer.
    private func match(_ doubt: Doubt, credential: UUID, _ organization: OrganizationID) async throws -> Match? {
        let lease: TwilioLease
        do {
            lease = try await credentials.lease(organization, credential: credential, purpose: .settleDoubt)
        } catch LeaseError.noCredential {
            return nil
        }
        var candidates: [Twilio.Message] = []
        do {
            // A minute's margin for the two clocks.
            let earliest = doubt.startedAt.addingTimeInterval(-60)
            var filter = Twilio.Message.Filter()
            filter.to = doubt.to
            filter.from = doubt.from
            for try await message in lease.client.messages.list(filter) {
                // Newest first: what was made before the attempt cannot be it, nor anything after that in the list.
                if let madeAt = message.dateCreated, madeAt < earliest { break }
                if (message.body ?? "") == doubt.body,
                    doubt.service == nil || message.messagingServiceSid?.description == doubt.service
                {
                    candidates.append(message)
                }
            }
        } catch {
            return nil
        }
        let sids = candidates.map(\.sid.description)
        let known = try await database.read(
            organization, EvidenceQueries.knownSIDs, [.organization(organization), .texts(sids), .uuid(doubt.message)])
        let knownSIDs = Set(known.rows.compactMap { $0.string("twilio_sid") })
        let unknown = candidates.filter { !knownSIDs.contains($0.sid.description) }
        guard unknown.count == 1, let message = unknown.first else { return nil }
        // Asked after the list, so that no other attempt can have begun in between and be meant.
        let rivals = try await database.read(
            organization, EvidenceQueries.rivals, [.organization(organization), .uuid(doubt.message)])
        guard try rivals.rows.first?.requireBool("there_are") == false else { return nil }
        return Match(
            sid: message.sid.description,
            status: MessageStatus(carrierReport: message.status.rawValue) ?? .accepted, errorCode: message.errorCode)
    }
}
