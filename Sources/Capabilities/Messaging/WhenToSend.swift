import Foundation
import GraphQL
import OrderedCollections
import QueryEngine

/// When a message is to go out, as a caller says it: an instant, or a time on the recipient's clock.
enum WhenToSend: Sendable, Hashable {
    case instant(Date)
    /// By the clock of `zone`, or else of the recipient.
    case local(String, zone: String?)

    /// Days ahead, as with Twilio's own scheduling.
    private static let longest = 35

    /// `at`, or `localAt` with or without `timeZone`. `nil` where neither is given.
    static func parse(
        _ input: OrderedDictionary<String, JSONValue>, into errors: inout [UserError]
    ) -> WhenToSend? {
        let at = input["at"]?.stringValue
        let local = input["localAt"]?.stringValue
        let zone = input["timeZone"]?.stringValue
        if at != nil, local != nil {
            errors.append(
                UserError(
                    code: "INVALID_TIME", message: "Expected either `at` or `localAt`, not both.", field: ["localAt"]))
        }
        if let local {
            guard LocalTime(local) != nil else {
                errors.append(
                    UserError(
                        code: "INVALID_TIME",
                        message: "Expected a day and a time such as 2026-11-24T09:00, on the recipient's clock.",
                        field: ["localAt"]))
                return nil
            }
            return .local(local, zone: zone)
        }
        guard let at else { return nil }
        guard let date = Self.date(at) else {
            errors.append(
                UserError(
                    code: "INVALID_TIME", message: "Expected an instant such as 2026-11-24T09:00:00-05:00.",
                    field: ["at"]))
            return nil
        }
        return .instant(date)
    }

    /// RFC 3339, with or without a fraction of a second; the schema has checked its form.
    private static func date(_ text: String) -> Date? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let local = LocalTime(String(text.prefix(16)).uppercased()),
            let second = Double(text.dropFirst(17).prefix { $0.isNumber || $0 == "." }), second < 61
        else { return nil }
        let start = local.instant(in: .gmt).addingTimeInterval(second)
        guard let last = text.last, last != "Z", last != "z" else { return start }
        let offset = text.suffix(6)
        guard let minutes = QuietHours.minute(String(offset.dropFirst())) else { return nil }
        return start.addingTimeInterval(offset.hasPrefix("-") ? Double(minutes) * 60 : Double(minutes) * -60)
    }

    /// - Parameter zone: the recipient's.
    func instant(in zone: TimeZone) -> Date {
        switch self {
        case .instant(let date): date
        case .local(let text, let name): LocalTime(text)?.instant(in: MessagingRules.zone(name) ?? zone) ?? Date()
        }
    }

    /// What is wrong with the time; `nil` when nothing is.
    func problem(at instant: Date, now: Date) -> UserError? {
        let field = if case .instant = self { "at" } else { "localAt" }
        if instant < now {
            return UserError(
                code: "TIME_IN_PAST", message: "This time has passed; choose a later one, or send it now.",
                field: [field])
        }
        if instant > now.addingTimeInterval(Double(Self.longest) * 86_400) {
            return UserError(
                code: "TIME_TOO_FAR", message: "Expected a time within the next \(Self.longest) days.", field: [field])
        }
        return nil
    }

    /// For the fingerprint of an input.
    var fingerprint: String {
        switch self {
        case .instant(let date): "at \(date.timeIntervalSince1970)"
        case .local(let text, let zone): "local \(text) \(zone ?? "")"
        }
    }
}
