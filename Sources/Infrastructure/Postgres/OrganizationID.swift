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
    package var lowercasedString: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        appendLowercased(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func appendLowercased(to bytes: inout [UInt8]) {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
            unsafe withUnsafeBytes(of: uuid) { raw in
                var place = 0
                for index in 0..<16 {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        unsafe text[place] = UInt8(ascii: "-")
                        place += 1
                    }
                    unsafe text[place] = Hexadecimal.digit(raw[index] >> 4)
                    unsafe text[place + 1] = Hexadecimal.digit(raw[index] & 15)
                    place += 2
                }
            }
            unsafe bytes.append(contentsOf: text)
        }
    }
}
