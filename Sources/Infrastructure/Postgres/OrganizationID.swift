package import Foundation

/// The tenant: an organization's id, the first column of every key of a tenant table.
package struct OrganizationID: Hashable, Sendable, CustomStringConvertible, Codable {
    package let uuid: UUID

    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// `nil` unless `text` is a UUID in its canonical 36-character form, in either case.
    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    /// The UUID in lower case, as PostgreSQL prints it.
    package var description: String { uuid.lowercasedString }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self.uuid = try container.decode(UUID.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UUID {
    /// The canonical form in lower case. Foundation's own is upper case, and its `lowercased()` is slow enough to
    /// show on a path that runs once per statement.
    var lowercasedString: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        appendLowercased(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func appendLowercased(to bytes: inout [UInt8]) {
        let (b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15) = uuid
        func append(_ byte: UInt8) {
            bytes.append(Hexadecimal.digit(byte >> 4))
            bytes.append(Hexadecimal.digit(byte & 15))
        }
        let dash = UInt8(ascii: "-")
        append(b0); append(b1); append(b2); append(b3)
        bytes.append(dash)
        append(b4); append(b5)
        bytes.append(dash)
        append(b6); append(b7)
        bytes.append(dash)
        append(b8); append(b9)
        bytes.append(dash)
        append(b10); append(b11); append(b12); append(b13); append(b14); append(b15)
    }
}
