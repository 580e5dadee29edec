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

    /// Something after the position is no longer kept.
    struct TooLate: Error {}

    nonisolated(nonsending) func start() async throws -> Start {
        let result = try await database.read(organization, ChangeQueries.snapshot, [], timeout: timeout)
        guard let row = result.rows.first, let oldest = UInt64(try row.requireString(1)) else {
            throw PostgresError(.protocolViolation, "no snapshot")
        }
        return Start(
            position: ChangePosition(transaction: oldest, id: 0), snapshot: try row.requireString(0))
    }

    /// The next changes in order, each subject once, at the place of its last change among them.
    ///
    /// - Parameter snapshot: changes that it already saw are passed over.
    /// - Throws: `TooLate` when one of them has been cleared away.
    nonisolated(nonsending) func changes(
        after position: ChangePosition, notSeenIn snapshot: String?
    ) async throws -> [Change] {
        let values: [PostgresValue] = [
            .organization(organization), .text(kind), .text(String(position.transaction)), .int(position.id),
            PostgresValue(snapshot), .int(Self.batch),
        ]
        var result = try await database.read(organization, ChangeQueries.changes, values, timeout: timeout)
        guard let first = result.rows.first else { throw PostgresError(.protocolViolation, "no state of the feed") }
        if try first.requireBool(0) { throw TooLate() }
        if first.string(2) == nil {
            guard try first.requireBool(1) else { return [] }
            result = try await database.read(
                organization, ChangeQueries.changesBesideOtherDatabases, values, timeout: timeout)
        }
        var changes: [Change] = []
        var seen: Set<UUID> = []
        for row in result.rows.reversed() {
            guard let transaction = UInt64(try row.requireString(2)) else {
                throw PostgresError(.protocolViolation, "no transaction id")
            }
            let subject = try row.requireUUID(4)
            guard seen.insert(subject).inserted else { continue }
            let id = Int64(try row.requireInt(3))
            changes.append(
                Change(position: ChangePosition(transaction: transaction, id: id), subject: subject))
        }
        return changes.reversed()
    }
}
