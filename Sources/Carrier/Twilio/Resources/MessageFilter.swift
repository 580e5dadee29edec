package import FoundationEssentials

/// A date to compare with: Twilio takes whole days (UTC, inclusive) and instants.
package enum DateBound: Sendable, Equatable {
    /// `YYYY-MM-DD`.
    case day(String)
    case instant(Date)

    var text: String {
        switch self {
        case .day(let day): day
        case .instant(let date): TwilioDate.iso(date)
        }
    }
}

/// Which messages to list. Nil does not restrict.
package struct MessageFilter: Sendable {
    package var to: String?
    package var from: String?
    /// Sent on that day.
    package var dateSent: DateBound?
    /// Sent at that time or later.
    package var dateSentFrom: DateBound?
    /// Sent at that time or earlier.
    package var dateSentTo: DateBound?

    package init() {}

    /// Twilio wants the operator in the key, before the equals sign: `DateSent>=2024-01-02` is the key `DateSent>`.
    var query: FormBody {
        var query = FormBody()
        query.append("To", to)
        query.append("From", from)
        query.append("DateSent", dateSent?.text)
        query.append("DateSent>", dateSentFrom?.text)
        query.append("DateSent<", dateSentTo?.text)
        return query
    }
}
