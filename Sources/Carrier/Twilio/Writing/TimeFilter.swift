package import FoundationEssentials

/// A point of time to compare with: Twilio takes whole days (UTC, inclusive) and instants.
package enum TimeBound: Sendable, Hashable, Encodable {
    case day(Day)
    case instant(Date)

    var text: String {
        switch self {
        case .day(let day): day.text
        case .instant(let date): TwilioDate.iso(date)
        }
    }
}

/// A filter by time. Twilio wants the operator in the key, before the equals sign: `DateSent>=2024-01-02` is the key
/// `DateSent>` with the value `2024-01-02`.
package struct TimeFilter: Sendable, Hashable, FormValue {
    /// On that day.
    package var on: TimeBound?
    /// At that time or later.
    package var from: TimeBound?
    /// At that time or earlier.
    package var to: TimeBound?

    package init(on: TimeBound? = nil, from: TimeBound? = nil, to: TimeBound? = nil) {
        self.on = on
        self.from = from
        self.to = to
    }

    package func append(to form: inout FormBody, as name: String) {
        form.append(name, on?.text)
        form.append(name + ">", from?.text)
        form.append(name + "<", to?.text)
    }
}
