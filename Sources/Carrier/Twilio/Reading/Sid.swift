/// A kind of Twilio resource, by the two letters that its SIDs begin with.
package protocol SidKind: Sendable {
    static var prefixes: [String] { get }
}

/// A validated Twilio SID: two letters and 32 hexadecimal digits. URLs are built from these, so nothing else may pass.
package struct Sid<Kind: SidKind>: Sendable, Hashable, Codable, FormValue, CustomStringConvertible {
    package let text: String

    /// Nil unless `text` is one of `Kind`'s prefixes followed by 32 hexadecimal digits.
    package init?(_ text: String) {
        guard text.utf8.count == 34, Kind.prefixes.contains(where: { text.utf8.starts(with: $0.utf8) }),
            text.utf8.dropFirst(2).allSatisfy(Sid.isHexadecimal)
        else { return nil }
        self.text = text
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let sid = Sid(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a SID of kind \(Kind.prefixes.joined(separator: "/"))")
        }
        self = sid
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package func append(to form: inout FormBody, as name: String) {
        form.append(name, text)
    }

    package var description: String { text }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
