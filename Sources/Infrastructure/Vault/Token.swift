/// Tokens that people and programs carry: `sb_live_` + 32 random characters + 6 characters of checksum.
///
/// The checksum lets a scanner tell a leaked token from a look-alike without asking anyone, and lets the edge turn
/// down a mistyped one without a look-up. It proves nothing: whether a token is valid, only its stored hash tells.
package enum Token {
    /// Random characters, each of 62: about 190 bits.
    package static let randomCount = 32
    package static let checksumCount = 6

    private static let alphabet = [UInt8]("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// A fresh token.
    ///
    /// - Parameter prefix: what it starts with, such as `sb_live_`: lower-case letters, digits and underscores.
    package static func make(prefix: StaticString) -> String {
        var body = [UInt8](String(describing: prefix).utf8)
        precondition(body.allSatisfy(isPrefixByte), "a token's prefix has lower-case letters, digits and underscores")
        let whole = body.count + randomCount
        while body.count < whole {
            // 248 is the largest multiple of 62 in a byte: what lies above would favour some characters.
            for byte in Random.bytes(randomCount) where byte < 248 && body.count < whole {
                body.append(alphabet[Int(byte % 62)])
            }
        }
        return String(decoding: body + checksum(body), as: UTF8.self)
    }

    /// Whether `text` has the shape of a token with this prefix, and its checksum is right.
    package static func isWellFormed(_ text: String, prefix: StaticString) -> Bool {
        let bytes = [UInt8](text.utf8)
        let start = [UInt8](String(describing: prefix).utf8)
        guard bytes.count == start.count + randomCount + checksumCount, bytes.starts(with: start),
            bytes.dropFirst(start.count).allSatisfy(alphabet.contains)
        else { return false }
        return bytes.suffix(checksumCount).elementsEqual(checksum(bytes.dropLast(checksumCount)))
    }

    /// CRC-32 of everything before it, in base 62, most significant digit first, padded with `0`.
    private static func checksum(_ body: some Sequence<UInt8>) -> [UInt8] {
        var rest = CRC32.checksum(body)
        var digits = [UInt8](repeating: alphabet[0], count: checksumCount)
        for index in digits.indices.reversed() {
            digits[index] = alphabet[Int(rest % 62)]
            rest /= 62
        }
        return digits
    }

    private static func isPrefixByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// CRC-32 as in IEEE 802.3, gzip and PNG: reflected, polynomial 0xEDB88320.
private enum CRC32 {
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var register = UInt32.max
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? (register >> 1) ^ 0xEDB8_8320 : register >> 1 }
        }
        return ~register
    }
}
