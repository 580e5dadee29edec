import FoundationEssentials

/// A filter by date: the name alone, or with an operator in its key (`StartTime>=2024-01-02` is the key `StartTime>`).
/// Whole days are meant inclusively by both operators (facts section 3); without one it is that whole day.
struct DateFilter: Sendable {
    private var earliest: Date?
    /// Exclusive.
    private var latest: Date?

    /// - Throws: 20001 for a date that is none.
    init(_ name: String, _ query: Parameters) throws(TwilioFault) {
        if let value = try DateFilter.date(query[name]) {
            switch value {
            case .day(let start): (earliest, latest) = (start, start.addingTimeInterval(86_400))
            case .instant(let instant): (earliest, latest) = (instant, instant.addingTimeInterval(1))
            }
        }
        if let value = try DateFilter.date(query[name + ">"]) {
            switch value {
            case .day(let start), .instant(let start): earliest = max(earliest ?? start, start)
            }
        }
        if let value = try DateFilter.date(query[name + "<"]) {
            let end: Date =
                switch value {
                case .day(let start): start.addingTimeInterval(86_400)
                case .instant(let instant): instant.addingTimeInterval(1)
                }
            latest = min(latest ?? end, end)
        }
    }

    private static func date(_ text: String?) throws(TwilioFault) -> TwilioDate.FilterValue? {
        guard let text, !text.isEmpty else { return nil }
        guard let value = TwilioDate.filterValue(text) else {
            throw TwilioFault(20001, "The date '\(text)' is invalid: expected YYYY-MM-DD or an ISO 8601 time in UTC")
        }
        return value
    }

    /// A missing date passes only when nothing is asked.
    func admits(_ date: Date?) -> Bool {
        guard let date else { return earliest == nil && latest == nil }
        return (earliest.map { date >= $0 } ?? true) && (latest.map { date < $0 } ?? true)
    }
}
