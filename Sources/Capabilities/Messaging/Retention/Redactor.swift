package import Audit
package import Credentials
import Foundation
package import JobQueue
package import Postgres
import Twilio

/// Redacts what is older than an organization keeps it: first here, in a commit for each few, then at Twilio, one by one.
/// How far it came stands in the rows, so a run that is broken off goes on where it was.
package struct Redactor: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let announcements: MessageAnnouncements
    private let audit: AuditLog

    /// Messages of one commit.
    private static let batch = 200
    /// Messages that Twilio is asked about in one run.
    private static let carrierBatch = 50
    /// Between two looks at what has grown old.
    private static let interval: Duration = .seconds(3_600)

    package init(
        database: Database, credentials: CredentialManager, announcements: MessageAnnouncements, audit: AuditLog
    ) {
        self.database = database
        self.credentials = credentials
        self.announcements = announcements
        self.audit = audit
    }

    /// The handler of ``MessageJobs/redact``.
    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let organization = job.organization
        let redacted = try await redactHere(organization)
        let waiting = try await database.read(
            organization, RedactionQueries.pendingAtCarrier,
            [.organization(organization), .int(Self.carrierBatch)])
        for row in waiting.rows {
            guard try await redactAtTwilio(row, organization) else { return .retry(after: nil) }
        }
        if redacted > 0 || waiting.count > 0 { return .again(after: .zero) }
        let kept = try await database.read(organization, RedactionQueries.keeps, [.organization(organization)])
        return kept.rows.first?.bool("ends") ?? false ? .again(after: Self.interval) : .done
    }

    private func redactHere(_ organization: OrganizationID) async throws -> Int {
        let count = try await database.withTenant(organization) { transaction in
            let due = try await transaction.execute(
                RedactionQueries.due, [.organization(organization), .int(Self.batch)])
            let count = try await Redaction.redact(due.rows.compactMap { $0.uuid("id") }, in: transaction)
            try await Redaction.redactBulks(in: transaction)
            if count > 0 {
                try await audit.append(
                    AuditEvent(
                        actor: .worker, action: "message.redact", subjectKind: "ORGANIZATION",
                        subjectID: organization.uuid, purpose: "retention: \(count) messages"),
                    in: transaction)
            }
            return count
        }
        if count > 0 { announcements.messageChanged(for: organization) }
        return count
    }

    /// Body and files of one message. Answers `false` when Twilio could not be asked just now.
    private func redactAtTwilio(_ row: PostgresRow, _ organization: OrganizationID) async throws -> Bool {
        let message = try row.requireUUID("id")
        var outcome = "DONE"
        do {
            guard let sid = MessageSid(try row.requireString("twilio_sid")) else { throw LeaseError.noCredential }
            let lease = try await credentials.lease(
                organization, credential: try row.requireUUID("credential_id"), purpose: .redact)
            let media = lease.client.messages.media(of: sid)
            // Twilio knows best which files it has; what went out from here has those that it was given, or none.
            var files: [MediaSid] = []
            if try row.requireBool("may_have_files") {
                try await Self.unlessGone { () async throws(TwilioCallError) in
                    for try await file in media.list() { files.append(file.sid) }
                }
            }
            for file in files {
                try await Self.unlessGone { () async throws(TwilioCallError) in try await media.delete(file) }
            }
            try await Self.unlessGone { () async throws(TwilioCallError) in
                _ = try await lease.client.messages.update(sid, .redact)
            }
        } catch is LeaseError {
            // The account is no longer ours to speak to: what it keeps is between it and Twilio.
            outcome = "FAILED"
        } catch let error as TwilioCallError {
            // 20009: Twilio holds it for under way; it will not for long.
            guard case .refused(let answer) = error, answer.code != 20_009,
                [.permanent, .fixNumber, .fixAccount].contains(answer.disposition)
            else { return false }
            outcome = "FAILED"
        }
        try await database.withTenant(organization) { [outcome] transaction in
            _ = try await transaction.execute(
                RedactionQueries.endAtCarrier, [.organization(organization), .uuid(message), .text(outcome)])
        }
        return true
    }

    private static func unlessGone(_ call: () async throws(TwilioCallError) -> Void) async throws(TwilioCallError) {
        do {
            try await call()
        } catch {
            guard case .refused(let answer) = error, answer.status == 404 else { throw error }
        }
    }
}
