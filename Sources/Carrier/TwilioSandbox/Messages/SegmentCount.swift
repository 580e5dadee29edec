/// How many segments a text needs on the air.
///
/// GSM-7 holds 160 units in one segment or 153 in each of several; characters of the extension table take two and are
/// not split. Any other character makes the whole text UCS-2: 70 units, or 67 in each of several, graphemes not split.
package enum SegmentCount {
    /// The number of segments, 1 or more.
    package static func segments(of text: String) -> Int {
        var units: [Int] = []
        units.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard let cost = gsmCost(scalar) else { return ucs2Segments(text) }
            units.append(cost)
        }
        return pack(units, alone: 160, each: 153)
    }

    private static func ucs2Segments(_ text: String) -> Int {
        pack(text.map { $0.utf16.count }, alone: 70, each: 67)
    }

    /// Fills segments with pieces that stay whole; a piece larger than a segment (a very long grapheme) is cut.
    private static func pack(_ pieces: [Int], alone: Int, each: Int) -> Int {
        guard pieces.reduce(0, +) > alone else { return 1 }
        var segments = 1
        var used = 0
        for piece in pieces {
            var rest = piece
            if used + rest > each {
                if used > 0 {
                    segments += 1
                    used = 0
                }
                while rest > each {
                    segments += 1
                    rest -= each
                }
            }
            used += rest
        }
        return segments
    }

    private static func gsmCost(_ scalar: Unicode.Scalar) -> Int? {
        if scalar.isASCII {
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            switch byte {
            case 0x0A, 0x0D: return 1
            case 0x0C, UInt8(ascii: "^"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"), UInt8(ascii: "["),
                UInt8(ascii: "~"), UInt8(ascii: "]"), UInt8(ascii: "|"):
                return 2
            case UInt8(ascii: "`"): return nil
            case 0x20..<0x7F: return 1
            default: return nil
            }
        }
        if scalar == "€" { return 2 }
        return gsmBeyondASCII.contains(scalar) ? 1 : nil
    }

    private static let gsmBeyondASCII: Set<Unicode.Scalar> = Set(
        "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà".unicodeScalars)
}
