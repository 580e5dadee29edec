import Foundation

/// The text form of `uuid`: 32 hexadecimal digits, and hyphens behind 8, 12, 16 and 20 of them (PostgreSQL 15, 8.12).
/// `UUID(uuidString:)` has `sscanf` read it, which shows where each message brings dozens of them.
enum UUIDText {
    /// - Returns: `nil` unless it is the canonical form, in either case.
    static func decode(_ text: UnsafeRawBufferPointer) -> UUID? {
        guard text.count == 36 else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for position in 0..<36 {
            switch position {
            case 8, 13, 18, 23:
                guard unsafe text[position] == UInt8(ascii: "-") else { return nil }
            default:
                guard let digit = unsafe Hexadecimal.value(text[position]) else { return nil }
                if position < 18 {
                    words.high = words.high << 4 | UInt64(digit)
                } else {
                    words.low = words.low << 4 | UInt64(digit)
                }
            }
        }
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        let (high, low) = words
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
