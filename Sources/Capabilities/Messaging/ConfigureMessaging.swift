import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `configureMessaging`: the organization's time zone and quiet hours.
package struct ConfigureMessaging: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let zone = request.input["timeZone"]?.stringValue
        let quiet = request.input["quietHours"]
        var values: [PostgresValue] = [PostgresValue(zone), .bool(quiet != nil), .null, .null]
        if let quiet = quiet?.objectValue {
            guard let from = quiet["from"]?.stringValue, let until = quiet["until"]?.stringValue,
                QuietHours(from: from, until: until) != nil
            else {
                return try await request.refuse([
                    UserError(
                        code: "INVALID_QUIET_HOURS",
                        message: "Expected two different times of the day, such as from 21:00 until 08:00.",
                        field: ["quietHours"])
                ])
            }
            values[2] = .text(from)
            values[3] = .text(until)
        }
        return try await request.commit { [values] transaction in
            let organization = PostgresValue.organization(request.organization)
            _ = try await transaction.execute([
                (ScheduleQueries.makeRules, [organization]), (ScheduleQueries.configure, [organization] + values),
            ])
            return .done(["settings": .row(request.organization.uuid)])
        }
    }
}
