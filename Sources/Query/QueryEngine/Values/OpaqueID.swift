package import Foundation

/// IDs as clients see them: a prefix that names the type, an underscore, and the 32 hexadecimal digits of a uuid.
package enum OpaqueID {
    /// The uuid of an ID of this prefix; `nil` for any other text, which callers treat like an id that does not exist.
    package static func decode(_ id: String, prefix: String) -> UUID? {
        let bytes = Array(id.utf8)
        let start = prefix.utf8.count + 1
        guard bytes.count == start + 32, bytes.starts(with: prefix.utf8), bytes[start - 1] == UInt8(ascii: "_") else {
            return nil
        }
        var raw: [UInt8] = []
        raw.reserveCapacity(16)
        for index in stride(from: start, to: start + 32, by: 2) {
            guard let high = digit(bytes[index]), let low = digit(bytes[index + 1]) else { return nil }
            raw.append(high << 4 | low)
        }
        return UUID(
            uuid: (
                raw[0], raw[1], raw[2], raw[3], raw[4], raw[5], raw[6], raw[7], raw[8], raw[9], raw[10], raw[11],
                raw[12],
                raw[13], raw[14], raw[15]
            ))
    }

    package static func encode(_ uuid: UUID, prefix: String) -> String {
        var bytes = Array(prefix.utf8)
        bytes.append(UInt8(ascii: "_"))
        withUnsafeBytes(of: uuid.uuid) { raw in
            for byte in raw {
                bytes.append(hexadecimal(byte >> 4))
                bytes.append(hexadecimal(byte & 15))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Lower case only: an ID has one spelling.
    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    private static func hexadecimal(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? 0x30 + nibble : 0x61 + nibble - 10
    }
}
