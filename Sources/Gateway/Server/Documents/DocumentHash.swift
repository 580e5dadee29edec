import Crypto

/// The SHA-256 of a document's UTF-8, by which clients name a document that they do not send.
struct DocumentHash: Sendable, Hashable {
    private let bytes: [UInt8]

    init(of document: [UInt8]) {
        bytes = Array(SHA256.hash(data: document))
    }

    /// From 64 hexadecimal digits, of either case; `nil` for anything else.
    init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 2 * SHA256.byteCount else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(SHA256.byteCount)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// How a request names a document that it does not carry.
enum DocumentIdentifier: Sendable, Hashable {
    case hash(DocumentHash)
    /// Whatever else the operator and the front end agreed on: for trusted documents, a file's name.
    case name(String)

    /// The member `documentId` (GraphQL over HTTP, appendix "Persisted Documents"): `sha256:` and 64 hexadecimal
    /// digits, the digits alone as other clients send them, or a name.
    init(documentID text: String) {
        let digits = text.hasPrefix("sha256:") ? String(text.dropFirst("sha256:".count)) : text
        self = DocumentHash(hexadecimal: digits).map { .hash($0) } ?? .name(text)
    }
}
