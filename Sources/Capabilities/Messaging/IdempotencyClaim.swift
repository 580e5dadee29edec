import Foundation
import Postgres
import QueryEngine

/// The same key with the same input answers with the same thing; with another input it is refused.
enum IdempotencyClaim: Sendable {
    case fresh
    case known(UUID)
    case otherInput

    /// A second caller with the same key waits here until the first has committed, and then finds what that made.
    static func make(
        _ operation: String, key: String?, subject: UUID, fingerprint: String, in transaction: Transaction
    ) async throws(PostgresError) -> IdempotencyClaim {
        guard let key else { return .fresh }
        let values: [PostgresValue] = [
            PostgresValue(transaction.organization), .text(operation), .text(key), .text(fingerprint),
        ]
        let claimed = try await transaction.execute(MessagingQueries.claimIdempotencyKey, values + [.uuid(subject)])
        if claimed.count == 1 { return .fresh }
        let known = try await transaction.execute(MessagingQueries.findIdempotencyKey, values)
        guard let row = known.rows.first else { return .otherInput }
        return try row.requireBool("same_input") ? .known(try row.requireUUID("subject_id")) : .otherInput
    }

    /// Each part with its length before it.
    static func fingerprint(_ parts: [String]) -> String {
        parts.map { "\($0.utf8.count):\($0)" }.joined()
    }

    static func problem(with key: String?) -> UserError? {
        guard let key, !(1...255).contains(key.unicodeScalars.count) || key.utf8.contains(0) else { return nil }
        return UserError(
            code: "INVALID_IDEMPOTENCY_KEY", message: "Expected 1 to 255 characters.", field: ["idempotencyKey"])
    }
}
