import FoundationEssentials

/// The filters of a message list: `To`, `From`, and `DateSent` alone or with an operator in its key.
struct MessageFilter: Sendable {
    private let to: String?
    private let from: String?
    private let earliest: Date?
    /// Exclusive.
    private let latest: Date?

    /// - Throws: 20001 for a date that is none.
    init(_ query: Parameters) throws(TwilioFault) {
        to = query["To"].map { PhoneNumber.normalized($0) ?? $0 }
        from = query["From"].map { PhoneNumber.normalized($0) ?? $0 }
        var earliest: Date?
        var latest: Date?
        // Whole days are meant inclusively by both operators (facts section 3); `DateSent=` is one whole day.
        if let value = try MessageFilter.date(query["DateSent"]) {
            switch value {
            case .day(let start): (earliest, latest) = (start, start.addingTimeInterval(86_400))
            case .instant(let instant): (earliest, latest) = (instant, instant.addingTimeInterval(1))
            }
        }
        if let value = try MessageFilter.date(query["DateSent>"]) {
            switch value {
            case .day(let start), .instant(let start): earliest = max(earliest ?? start, start)
            }
        }
        if let value = try MessageFilter.date(query["DateSent<"]) {
            let end: Date =
                switch value {
                case .day(let start): start.addingTimeInterval(86_400)
                case .instant(let instant): instant.addingTimeInterval(1)
                }
            latest = min(latest ?? end, end)
        }
        self.earliest = earliest
        self.latest = latest
    }

    private static func date(_ text: String?) throws(TwilioFault) -> TwilioDate.FilterValue? {
        guard let text, !text.isEmpty else { return nil }
        guard let value = TwilioDate.filterValue(text) else {
            throw TwilioFault(20001, "The date '\(text)' is invalid: expected YYYY-MM-DD or an ISO 8601 time in UTC")
        }
        return value
    }

    func admits(_ message: MessageRecord) -> Bool {
        if let to, message.to != to { return false }
        if let from, message.from != from { return false }
        if let earliest, message.sortDate < earliest { return false }
        if let latest, message.sortDate >= latest { return false }
        return true
    }
}
