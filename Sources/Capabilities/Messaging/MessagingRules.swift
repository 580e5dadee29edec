import Foundation
import Postgres

/// What an organization says of when it texts.
struct MessagingRules: Sendable {
    let timeZone: TimeZone
    let quietHours: QuietHours?

    static func read(in transaction: Transaction) async throws(PostgresError) -> MessagingRules {
        let found = try await transaction.execute(
            ScheduleQueries.rules, [PostgresValue(transaction.organization)])
        let row = found.rows.first
        let from = row?.string("quiet_from")
        let until = row?.string("quiet_until")
        return MessagingRules(
            timeZone: Self.zone(row?.string("time_zone")) ?? .gmt,
            quietHours: from.flatMap { from in until.flatMap { QuietHours(from: from, until: $0) } })
    }

    static func zone(_ name: String?) -> TimeZone? { name.flatMap { TimeZone(identifier: $0) } }

    /// A contact's own time zone, else the organization's.
    func zone(of contact: String?) -> TimeZone { Self.zone(contact) ?? timeZone }

    /// When a message to somebody with this time zone may go out again; `nil` when it may now.
    func quietEnd(at instant: Date, contactZone: String?) -> Date? {
        quietHours?.end(at: instant, in: zone(of: contactZone))
    }
}
