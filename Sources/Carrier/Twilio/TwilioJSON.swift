import Curl
import FoundationEssentials

/// Twilio's JSON: unknown fields are passed over, counts and prices come as strings, dates as RFC 2822 text.
enum TwilioJSON {
    /// Throws `malformedAnswer`, which names the field but repeats nothing of the body.
    static func decode<Resource: Decodable>(
        _ type: Resource.Type, from answer: HTTPResponse
    ) throws(TwilioCallError) -> Resource {
        do {
            return try JSONDecoder().decode(type, from: Data(answer.body))
        } catch let error as DecodingError {
            throw .malformedAnswer("status \(answer.status), \(place(of: error))")
        } catch {
            throw .malformedAnswer("status \(answer.status)")
        }
    }

    private static func place(of error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "no field \"\(key.stringValue)\" in \"\(path(context))\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "an unexpected value in \"\(path(context))\""
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            return "not JSON"
        case .dataCorrupted(let context):
            return "an unreadable value in \"\(path(context))\""
        @unknown default:
            return "unreadable"
        }
    }
}

extension KeyedDecodingContainer {
    /// A string, where absent, null and `""` all mean none (Twilio sends empty `*_application_sid`).
    func text(_ key: Key) throws -> String? {
        let text = try decodeIfPresent(String.self, forKey: key)
        return text?.isEmpty == true ? nil : text
    }

    /// A number that may come as a string (`"-0.00750"`) or as a number; null or `""` is none.
    func decimal(_ key: Key) throws -> Decimal? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        guard let text = try? decode(String.self, forKey: key) else { return try decode(Decimal.self, forKey: key) }
        if text.isEmpty { return nil }
        guard TwilioNumber.isDecimal(text), let value = Decimal(string: text) else { throw unreadable(key) }
        return value
    }

    /// A count that may come as a string (`"1"`) or as a number; null or `""` is none.
    func count(_ key: Key) throws -> Int? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        guard let text = try? decode(String.self, forKey: key) else { return try decode(Int.self, forKey: key) }
        if text.isEmpty { return nil }
        guard let value = Int(text) else { throw unreadable(key) }
        return value
    }

    func date(_ key: Key) throws -> Date? {
        guard let text = try text(key) else { return nil }
        guard let date = TwilioDate.parse(text) else { throw unreadable(key) }
        return date
    }

    /// A SID that may be null or empty.
    func sid<Kind>(_ key: Key) throws -> Sid<Kind>? {
        guard let text = try text(key) else { return nil }
        guard let sid = Sid<Kind>(text) else { throw unreadable(key) }
        return sid
    }

    private func unreadable(_ key: Key) -> DecodingError {
        .dataCorruptedError(forKey: key, in: self, debugDescription: "unreadable")
    }
}

enum TwilioNumber {
    /// Whether the whole text is a plain decimal: `Decimal(string:)` would read just the beginning of `12abc`.
    static func isDecimal(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : Substring(text)
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy {
                !$0.isEmpty && $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            }
    }
}
