/// Twilio's identifiers: two letters and 32 lowercase hexadecimal digits.
enum Sid {
    static func make(_ prefix: String, using generator: inout some RandomNumberGenerator) -> String {
        prefix + hex32(using: &generator)
    }

    /// One that is the same in every sandbox, for what every account has.
    static func stable(_ prefix: String, _ name: String) -> String {
        // FNV-1a, as the seed of a repeatable source.
        let seed = name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var generator = SeededGenerator(seed: seed)
        return make(prefix, using: &generator)
    }

    /// A token of 32 hexadecimal digits from the system's generator.
    static func secret() -> String {
        var system = SystemRandomNumberGenerator()
        return hex32(using: &system)
    }

    static func isWellFormed(_ text: some StringProtocol, prefix: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 34, text.hasPrefix(prefix) else { return false }
        return bytes.dropFirst(2).allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hex32(using generator: inout some RandomNumberGenerator) -> String {
        let high = generator.next()
        let low = generator.next()
        return String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<32 {
                let word = index < 16 ? high : low
                let shift = UInt64(60 - 4 * (index % 16))
                buffer[index] = digits[Int((word >> shift) & 0xF)]
            }
            return 32
        }
    }
}
