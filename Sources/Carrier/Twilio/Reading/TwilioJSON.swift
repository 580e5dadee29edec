import Curl
import FoundationEssentials

/// Twilio's JSON: unknown fields are passed over, counts and prices come as strings, dates as text. What a field may
/// look like stands in `KeyedDecodingContainer+Twilio.swift`.
enum TwilioJSON {
    /// Throws `malformedAnswer`, which names the field but repeats nothing of the body.
    static func decode<Resource: Decodable>(
        _ type: Resource.Type, from answer: HTTPResponse, listKey: String? = nil
    ) throws(TwilioCallError) -> Resource {
        if listKey == nil, let flat = try? FlatAnswer(answer.body), let resource = try? read(type, from: flat) {
            return resource
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in CamelCase.key(of: path[path.count - 1]) }
        if let listKey { decoder.userInfo[.listKey] = listKey }
        do {
            return try decoder.decode(type, from: Data(answer.body))
        } catch let error as DecodingError {
            throw .malformedAnswer("status \(answer.status), \(place(of: error))")
        } catch {
            throw .malformedAnswer("status \(answer.status)")
        }
    }

    private static func read<Resource: Decodable>(_ type: Resource.Type, from flat: FlatAnswer) throws -> Resource {
        if let type = type as? any FlatReadable.Type, let resource = try type.init(flat) as? Resource {
            return resource
        }
        return try Resource(from: FlatDecoder(flat))
    }

    /// The body of a request that is JSON: names in snake_case, sorted.
    static func encode(_ value: some Encodable) -> [UInt8]? {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { Array($0) }
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

extension CodingUserInfoKey {
    /// Under which name a page holds its list, as the JSON key reads in camelCase.
    static let listKey: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "twilio.list") else { preconditionFailure("a plain text is a key") }
        return key
    }()
}
