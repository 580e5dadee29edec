// Bytes by the classes that both grammars, GraphQL and JSON, ask for.

func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
}

/// `NameStart`: a letter or an underscore.
func isNameStart(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
}

/// `NameContinue`.
func isNameContinue(_ byte: UInt8) -> Bool {
    isNameStart(byte) || isDigit(byte)
}

/// The value of a hexadecimal digit, or `nil`.
func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
}

extension UTF8 {
    /// The bytes of a scalar; UTF-8 has some for every scalar.
    static func encodeOrReplacement(_ scalar: Unicode.Scalar) -> Unicode.UTF8.EncodedScalar {
        encode(scalar) ?? encodedReplacementCharacter
    }
}

/// Whether a text is a `Name` of the grammar.
func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isNameStart(first) else { return false }
    return text.utf8.allSatisfy(isNameContinue)
}
