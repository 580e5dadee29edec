/// Lower-case hexadecimal digits, as PostgreSQL prints `uuid` and `bytea`.
enum Hexadecimal {
    /// - Parameter nibble: 0 to 15.
    static func digit(_ nibble: UInt8) -> UInt8 {
        (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) &+ nibble
    }

    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
