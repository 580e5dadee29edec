package import FoundationEssentials

/// What was used of one category in one span of days. https://www.twilio.com/docs/usage/api/usage-record
package struct UsageRecord: AccountResource {
    package let accountSid: AccountSid
    package let category: String
    package let asOf: Date?
    package let count: Decimal?
    package let countUnit: String?
    package let description: String?
    package let endDate: Day?
    /// Negative for what is charged; nil until known.
    package let price: Decimal?
    /// ISO 4217.
    package let priceUnit: String?
    package let startDate: Day?
    package let usage: Decimal?
    package let usageUnit: String?
}

extension UsageRecord {
    /// How usage is cut into spans. All but `all` have a resource of their own.
    package enum Span: String, Sendable, CaseIterable {
        /// One record for the whole range asked for.
        case all = ""
        case allTime = "AllTime"
        case daily = "Daily"
        case lastMonth = "LastMonth"
        case monthly = "Monthly"
        case thisMonth = "ThisMonth"
        case today = "Today"
        case yearly = "Yearly"
        case yesterday = "Yesterday"
    }

    package struct Filter: Parameters {
        package var category: String?
        package var startDate: Day?
        package var endDate: Day?
        package var includeSubaccounts: Bool?

        package init() {}
    }
}

/// Usage of the account by category and span of days.
package struct UsageRecords: Sendable {
    let place: ResourcePlace

    package func list(_ span: UsageRecord.Span = .all, _ filter: UsageRecord.Filter = .init(), pageSize: Int = 50)
        -> ResourceList<UsageRecord>
    {
        (span == .all ? place : place.at(span.rawValue)).list("usageRecords", filter, pageSize: pageSize)
    }
}

extension TwilioClient {
    package var usageRecords: UsageRecords { UsageRecords(place: place("Usage/Records")) }
}
