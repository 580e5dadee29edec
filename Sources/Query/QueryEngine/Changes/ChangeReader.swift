import Foundation
import Postgres

/// Reads an organization's change feed from a position on.
struct ChangeReader: Sendable {
    let database: Database
    let organization: OrganizationID
    let kind: String
    let timeout: Duration

    struct Change: Sendable, Hashable {
        let position: ChangePosition
        let subject: UUID
    }

    /// Where a new subscription begins: after everything that is committed now. Transactions that still run may have lower
    /// numbers than others that are done, so the snapshot itself is kept.
    struct Start: Sendable {
        let position: ChangePosition
        let snapshot: String
    }

    private static let batch = 200

    private static let snapshotStatement = Statement(
        "SELECT pg_current_snapshot()::text, pg_snapshot_xmin(pg_current_snapshot())::text")

    private static let changesStatement = Statement(
        """
        SELECT c.transaction_id::text, c.id, c.subject_id FROM changes c
        WHERE c.org_id = $1 AND c.kind = $2 AND (c.transaction_id, c.id) > ($3::text::xid8, $4::int8)
          AND c.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
          AND ($5::text IS NULL OR NOT pg_visible_in_snapshot(c.transaction_id, $5::text::pg_snapshot))
        ORDER BY c.transaction_id, c.id LIMIT $6
        """)

    nonisolated(nonsending) func start() async throws -> Start {
        let result = try await database.read(organization, Self.snapshotStatement, [], timeout: timeout)
        guard let row = result.rows.first, let oldest = UInt64(try row.requireString(1)) else {
            throw PostgresError(.protocolViolation, "no snapshot")
        }
        return Start(
            position: ChangePosition(transaction: oldest, id: 0), snapshot: try row.requireString(0))
    }

    /// The next changes in order, each subject once, at the place of its last change among them.
    ///
    /// - Parameter snapshot: changes that it already saw are passed over.
    nonisolated(nonsending) func changes(
        after position: ChangePosition, notSeenIn snapshot: String?
    ) async throws -> [Change] {
        let result = try await database.read(
            organization, Self.changesStatement,
            [
                .organization(organization), .text(kind), .text(String(position.transaction)), .int(position.id),
                PostgresValue(snapshot), .int(Self.batch),
            ], timeout: timeout)
        var changes: [Change] = []
        var seen: Set<UUID> = []
        for row in result.rows.reversed() {
            guard let transaction = UInt64(try row.requireString(0)) else {
                throw PostgresError(.protocolViolation, "no transaction id")
            }
            let subject = try row.requireUUID(2)
            guard seen.insert(subject).inserted else { continue }
            let id = Int64(try row.requireInt(1))
            changes.append(
                Change(position: ChangePosition(transaction: transaction, id: id), subject: subject))
        }
        return changes.reversed()
    }
}
