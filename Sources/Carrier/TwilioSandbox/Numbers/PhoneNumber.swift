/// What the carrier takes for a telephone number.
enum PhoneNumber {
    /// E.164 of a number that may be written with spaces, dashes, dots and parentheses; ten digits are North American.
    /// Nil when it is no telephone number (21211).
    static func normalized(_ text: String) -> String? {
        var digits: [UInt8] = []
        var hasPlus = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
            case UInt8(ascii: "+") where index == 0: hasPlus = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): continue
            default: return nil
            }
        }
        if !hasPlus, digits.count == 10 { digits.insert(UInt8(ascii: "1"), at: 0) }
        guard (8...15).contains(digits.count), digits[0] != UInt8(ascii: "0") else { return nil }
        if digits[0] == UInt8(ascii: "1") {
            // North American plan: area code and exchange do not start with 0 or 1.
            guard digits.count == 11, digits[1] >= UInt8(ascii: "2"), digits[4] >= UInt8(ascii: "2") else { return nil }
        }
        return "+" + String(decoding: digits, as: UTF8.self)
    }

    static func isShortCode(_ text: String) -> Bool {
        (5...6).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    }

    /// Up to 11 letters, digits and spaces with at least one letter.
    static func isAlphanumericSender(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...11).contains(bytes.count) && bytes.contains { ($0 | 0x20) >= 97 && ($0 | 0x20) <= 122 }
            && bytes.allSatisfy { byte in
                byte == 32 || (byte >= 48 && byte <= 57) || ((byte | 0x20) >= 97 && (byte | 0x20) <= 122)
            }
    }
}
