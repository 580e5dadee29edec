/// Names of tables and columns as the schema may write them. They go into SQL text, so they are held to this alphabet.
enum SQLName {
    /// `[a-z_][a-z0-9_]*`, at most 63 bytes: what PostgreSQL takes without quotes and without cutting.
    static func isValid(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, bytes.count <= 63, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) }
    }

    /// `[a-z][a-z0-9]*`: what may stand before the underscore of an opaque ID.
    static func isValidPrefix(_ prefix: String) -> Bool {
        isValid(prefix) && !prefix.utf8.contains(UInt8(ascii: "_"))
    }

    /// `createdAt` → `created_at`, `twilioSID` → `twilio_sid`.
    static func snakeCase(_ name: String) -> String {
        var result: [UInt8] = []
        var previousIsUpper = true
        for byte in name.utf8 {
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            if isUpper {
                if !previousIsUpper { result.append(UInt8(ascii: "_")) }
                result.append(byte + 32)
            } else {
                result.append(byte)
            }
            previousIsUpper = isUpper
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
