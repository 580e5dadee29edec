package import Foundation
import Glibc

extension UUID {
    /// A new one (version 7): the time in its first bits, and 62 random ones behind. Rows that are made together stand together
    /// in every index that begins with their ids: random ones would each change another page, which is read, written and, once
    /// after each checkpoint, copied to the log whole.
    ///
    /// Random bits are from the system's generator. `UUID()` opens and closes `/dev/urandom` for each on Linux.
    package static func ordered() -> UUID {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var generator = SystemRandomNumberGenerator()
        return ordered(
            nanoseconds: UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec), random: generator.next())
    }

    /// - Parameter nanoseconds: since 1970.
    package static func ordered(nanoseconds: UInt64, random: UInt64) -> UUID {
        // RFC 9562, section 5.7: milliseconds, the version, and (section 6.2, method 3) what is left of the time in 4,096ths of
        // a millisecond; then the variant.
        let (milliseconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let high = milliseconds << 16 | 0x7000 | rest * 4_096 / 1_000_000
        let low = random & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
