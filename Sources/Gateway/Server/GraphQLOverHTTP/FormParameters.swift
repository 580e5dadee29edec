import GraphQL

/// The query component of a URL in `application/x-www-form-urlencoded` (WHATWG URL, section 5.1), strict where that is
/// lenient: a broken escape, bytes that are no UTF-8 and a name given twice are errors.
package struct FormParameters: Sendable {
    private var values: [String: String] = [:]

    /// - Throws: a refusal with status 400.
    package init(query: Substring) throws(Refusal) {
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(halves[0]), let value = Self.decode(halves.count == 2 ? halves[1] : "") else {
                throw Refusal(
                    .badRequest, .badRequest,
                    "The URL's query is not application/x-www-form-urlencoded in UTF-8; escape it as %XX.")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw Refusal(
                    .badRequest, .badRequest, "A parameter is given twice in the URL's query; give each one once.")
            }
        }
    }

    subscript(name: String) -> String? { values[name] }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
