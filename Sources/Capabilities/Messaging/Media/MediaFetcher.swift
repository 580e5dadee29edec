package import Credentials
import Crypto
import Foundation
package import JobQueue
package import Postgres
import QueryEngine

/// Fetches what came with a message, looks at it, and keeps it by the hash of its bytes.
package struct MediaFetcher: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let announcements: MessageAnnouncements

    /// After so many tries in vain it is refused.
    private static let tries = 8

    package init(
        database: Database, credentials: CredentialManager, announcements: MessageAnnouncements
    ) {
        self.database = database
        self.credentials = credentials
        self.announcements = announcements
    }

    /// The handler of ``MessageJobs/fetchMedia``.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        let found = try await database.read(
            organization, MediaQueries.pending, [.organization(organization), .uuid(job.subject)])
        guard let row = found.rows.first else { return .done }
        guard let media = row.string("media_sid"), let message = row.string("message_sid"),
            let type = row.string("content_type")
        else {
            try await refuse(job, "It is of a type that is not kept; Twilio's console may show it.")
            return .done
        }
        let bytes: [UInt8]
        do {
            let lease = try await credentials.lease(
                organization, credential: try row.requireUUID("credential_id"), purpose: .media)
            bytes = try await MediaDownload.bytes(of: media, message, by: lease, limit: MediaType.largest)
        } catch is LeaseError {
            try await refuse(job, "The credential that it came by was revoked.")
            return .done
        } catch let error as MediaProblem {
            switch error {
            case .tooLarge:
                try await refuse(job, "It is larger than 5 MB.")
                return .done
            case .gone:
                try await refuse(job, "Twilio does not have it any more.")
                return .done
            case .unavailable:
                guard job.attempt >= Self.tries else { return .retry(after: nil) }
                try await refuse(job, "Twilio did not give it out, however often it was asked.")
                return .done
            }
        }
        guard !bytes.isEmpty, MediaType.fits(bytes, type) else {
            try await refuse(job, "It is not what its type (\(type)) says.")
            return .done
        }
        try await store(bytes, type, job)
        return .done
    }

    private func store(_ bytes: [UInt8], _ type: String, _ job: ClaimedJob) async throws {
        let hash = PostgresValue.bytes(Array(SHA256.hash(data: bytes)))
        let organization = PostgresValue.organization(job.organization)
        try await database.withTenant(job.organization) { transaction in
            let results = try await transaction.execute([
                (MediaQueries.insertContent, [organization, hash, .bytes(bytes)]),
                (
                    MediaQueries.store,
                    [organization, .uuid(job.subject), hash, .int(bytes.count), .text(type)]
                ),
            ])
            guard let message = results.last?.rows.first?.uuid("message_id") else { return }
            try await Changes.record("message", [message], in: transaction)
        }
        announcements.messageChanged(for: job.organization)
    }

    private func refuse(_ job: ClaimedJob, _ reason: String) async throws {
        try await database.withTenant(job.organization) { transaction in
            let refused = try await transaction.execute(
                MediaQueries.refuse, [.organization(job.organization), .uuid(job.subject), .text(reason)])
            guard let message = refused.rows.first?.uuid("message_id") else { return }
            try await Changes.record("message", [message], in: transaction)
        }
        announcements.messageChanged(for: job.organization)
    }
}
