/// The filters of a message list: `To`, `From`, and `DateSent` alone or with an operator in its key.
struct MessageFilter: Sendable {
    private let to: String?
    private let from: String?
    private let dates: DateFilter

    /// - Throws: 20001 for a date that is none.
    init(_ query: Parameters) throws(TwilioFault) {
        to = query["To"].map { PhoneNumber.normalized($0) ?? $0 }
        from = query["From"].map { PhoneNumber.normalized($0) ?? $0 }
        dates = try DateFilter("DateSent", query)
    }

    func admits(_ message: MessageRecord) -> Bool {
        (to.map { $0 == message.to } ?? true) && (from.map { $0 == message.from } ?? true)
            && dates.admits(message.sortDate)
    }
}
