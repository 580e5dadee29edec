package import Audit
import Foundation
package import JobQueue
package import Postgres

/// Destroys the auth token of before a planned rotation, once it is good for no signature any more. Whoever leases has
/// been refused it from that moment on; this sees to it that it does not lie about, either.
package struct PreviousTokens: Sendable {
    /// The subject is a credential.
    package static let job: JobKind = "credential.forget_previous"

    private let database: Database
    private let audit: AuditLog

    package init(database: Database, audit: AuditLog) {
        self.database = database
        self.audit = audit
    }

    package func handle(_ job: ClaimedJob) async throws -> JobOutcome {
        let key: [PostgresValue] = [.organization(job.organization), .uuid(job.subject)]
        return try await database.withTenant(job.organization, as: .vault) { transaction in
            // Revoked, or rotated because of a leak meanwhile: there is none.
            guard let row = try await transaction.execute(CredentialQueries.lockPrevious, key).rows.first else {
                return .done
            }
            // Rotated again, so it is another one, and its time is later; or the clocks differ a little.
            let left = try row.requireInt("milliseconds")
            guard left <= 0 else { return .again(after: .milliseconds(left)) }
            let results = try await transaction.execute([
                (CredentialQueries.deletePrevious, key), (CredentialQueries.endPrevious, key),
            ])
            if results.first.map({ $0.count > 0 }) == true {
                try await audit.append(
                    AuditEvent(
                        actor: .worker, action: "credential.forget_previous", subjectKind: "CREDENTIAL",
                        subjectID: job.subject),
                    in: transaction)
            }
            return .done
        }
    }
}
