package import Postgres

/// Counts what an organization uses, in the transaction of what is counted.
package enum UsageMeter {
    /// Mirrors the CHECK on `usage_counters.metric`.
    package enum Metric: String, Sendable {
        case messagesOutbound = "MESSAGES_OUTBOUND"
        case messagesInbound = "MESSAGES_INBOUND"
    }

    package static func count(
        _ metric: Metric, amount: Int = 1, in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.pipeline([counting(metric, amount: amount, in: transaction)])
    }

    /// The same as a statement, for whoever sends several in one round trip.
    package static func counting(
        _ metric: Metric, amount: Int = 1, in transaction: Transaction
    ) -> (Statement, [PostgresValue]) {
        (
            add,
            [
                PostgresValue(transaction.organization), .text(metric.rawValue), .int(Int.random(in: 0..<slots)),
                .int(amount),
            ]
        )
    }

    /// Writers of one organization are spread over this many rows a day; the CHECK on `usage_counters.slot` agrees.
    private static let slots = 16

    private static let add = Statement(
        """
        INSERT INTO usage_counters (org_id, metric, day, slot, count)
        VALUES ($1, $2, (now() AT TIME ZONE 'UTC')::date, $3, $4)
        ON CONFLICT (org_id, metric, day, slot) DO UPDATE SET count = usage_counters.count + excluded.count
        """)
}
