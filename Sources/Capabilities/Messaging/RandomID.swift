package import Foundation

extension UUID {
    /// A random one (version 4), from the system's generator. `UUID()` opens and closes `/dev/urandom` for each on Linux, which
    /// is several system calls more: to be noticed where thousands are made a second.
    package static func random() -> UUID {
        var generator = SystemRandomNumberGenerator()
        var (high, low): (UInt64, UInt64) = (generator.next(), generator.next())
        // RFC 9562, section 5.4: the version, and the variant.
        high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
