import Curl
import FoundationEssentials

/// The `Retry-After` header (RFC 9110, 10.2.3): seconds, or a date. Twilio documents none, and it is honoured if
/// present.
enum RetryAfter {
    /// No server may put us off for longer.
    static let longest: Duration = .seconds(86_400)

    static func duration(in answer: HTTPResponse, now: Date = Date()) -> Duration? {
        guard let text = answer.headers["Retry-After"] else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return min(.seconds(Int64(text) ?? Int64.max / 2), longest)
        }
        guard let date = TwilioDate.parse(text) else { return nil }
        return min(.seconds(max(0, date.timeIntervalSince(now))), longest)
    }
}
