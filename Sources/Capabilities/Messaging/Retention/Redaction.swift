import Foundation
package import GraphQL
import JobQueue
package import OrderedCollections
package import Postgres
import QueryEngine

/// Taking away what was said, here and at once.
package enum Redaction {
    /// Redacts these of the organization's messages; what Twilio keeps of them waits for the job, which is asked for.
    /// Answers how many were not redacted before.
    static func redact(_ messages: [UUID], in transaction: Transaction) async throws -> Int {
        guard let organization = transaction.organization, !messages.isEmpty else { return 0 }
        let values: [PostgresValue] = [.organization(organization), .uuids(messages)]
        let redacted = try await transaction.execute(RedactionQueries.redact, values)
        let ids = redacted.rows.compactMap { $0.uuid("id") }
        guard !ids.isEmpty else { return 0 }
        _ = try await transaction.execute([
            (RedactionQueries.removeMedia, [.organization(organization), .uuids(ids)]),
            (RedactionQueries.forgetVariables, [.organization(organization), .uuids(ids)]),
            (RedactionQueries.removeContents, [.organization(organization)]),
        ])
        try await Changes.record("message", ids, in: transaction)
        return ids.count
    }

    /// Takes away the texts of bulks that are older than the organization keeps them.
    static func redactBulks(in transaction: Transaction) async throws {
        let organization = PostgresValue(transaction.organization)
        let redacted = try await transaction.execute(RedactionQueries.redactBulks, [organization])
        let ids = redacted.rows.compactMap { $0.uuid("id") }
        guard !ids.isEmpty else { return }
        _ = try await transaction.execute(RedactionQueries.forgetVariablesOfBulks, [organization, .uuids(ids)])
        try await Changes.record("bulk", ids, in: transaction)
    }

    /// The job that redacts for an organization looks by itself from now on, when one is to.
    package static func follow(
        _ settings: OrderedDictionary<String, JSONValue>, in transaction: Transaction
    ) async throws {
        guard let days = settings["retentionDays"], !days.isNull, let organization = transaction.organization else {
            return
        }
        try await WorkQueue.enqueue(MessageJobs.redact, subject: organization.uuid, in: transaction)
    }
}
