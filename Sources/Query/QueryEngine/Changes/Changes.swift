package import Foundation
package import Postgres

/// The change feed as writers see it (`migrations/0006_changes.sql`).
package enum Changes {
    /// On this channel, the organization's id (lower-case uuid) is announced after a commit that recorded changes.
    package static let channel = "switchboard_changes"

    private static let insert = Statement(
        "INSERT INTO changes (org_id, kind, subject_id) SELECT $1::uuid, $2::text, s FROM unnest($3::uuid[]) AS s")

    /// Writes down that these changed, in the transaction that changes them. `subjects` are ids of rows of the type that
    /// the `@feed` of this kind answers with. Announce the organization on `channel` after the commit.
    package static func record(_ kind: String, _ subjects: [UUID], in transaction: Transaction) async throws {
        guard transaction.organization != nil, !subjects.isEmpty else { return }
        _ = try await transaction.execute([entry(kind, subjects, in: transaction)])
    }

    /// The same as a statement with its values, for whoever sends several in one round trip.
    package static func entry(
        _ kind: String, _ subjects: [UUID], in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (insert, [PostgresValue(transaction.organization), .text(kind), .uuids(subjects)])
    }
}
