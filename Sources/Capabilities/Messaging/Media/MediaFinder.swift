package import Credentials
import Foundation
package import JobQueue
package import Postgres
import QueryEngine
import Twilio

/// Learns which files came with a message that no webhook told of: Twilio lists them by the message's SID. Each is then
/// fetched as if the webhook had named it.
package struct MediaFinder: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let announcements: MessageAnnouncements

    package init(
        database: Database, credentials: CredentialManager, announcements: MessageAnnouncements
    ) {
        self.database = database
        self.credentials = credentials
        self.announcements = announcements
    }

    /// The handler of ``MessageJobs/listMedia``. While Twilio cannot be asked it is tried again, ever more seldom.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        let key: [PostgresValue] = [.organization(organization), .uuid(job.subject)]
        let found = try await database.read(organization, MediaQueries.unlisted, key)
        guard let row = found.rows.first, let sid = MessageSid(try row.requireString("twilio_sid")) else {
            return .done
        }
        var files: [Media] = []
        do {
            let lease = try await credentials.lease(
                organization, credential: try row.requireUUID("credential_id"), purpose: .media)
            for try await file in lease.client.messages.media(of: sid).list() { files.append(file) }
        } catch is LeaseError {
            return .done
        } catch let error as TwilioCallError {
            // Gone there, and its files with it.
            if case .refused(let refusal) = error, refusal.status == 404 { return .done }
            return .retry(after: nil)
        }
        let media = MessageMediaRecord(files)
        guard !media.isEmpty else { return .done }
        let isKept = try await database.withTenant(organization) { transaction in
            // Meanwhile the webhook may have come after all, or the message may have been redacted.
            guard try await transaction.execute(MediaQueries.lockUnlisted, key).count == 1 else { return false }
            try await media.keep(of: job.subject, in: transaction)
            try await Changes.record("message", [job.subject], in: transaction)
            return true
        }
        if isKept { announcements.mediaArrived(for: organization) }
        return .done
    }
}
