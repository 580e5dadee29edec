/// Into how many segments a text is cut, and by which alphabet, as Twilio's own calculator does
/// (https://github.com/TwilioDevEd/message-segment-calculator).
package struct MessageSegments: Sendable, Equatable {
    package enum Encoding: String, Sendable {
        /// Septets: 160 in one segment, 153 in each of several.
        case gsm7 = "GSM-7"
        /// UTF-16 code units: 70 in one segment, 67 in each of several.
        case ucs2 = "UCS-2"

        package var unitsInSingle: Int { self == .gsm7 ? 160 : 70 }
        package var unitsInEach: Int { self == .gsm7 ? 153 : 67 }
    }

    package let encoding: Encoding
    /// Septets or UTF-16 code units of the whole text.
    package let units: Int
    /// 1 for an empty text.
    package let count: Int

    package init(_ text: String) {
        let septets = GSM7.septets(text)
        encoding = septets == nil ? .ucs2 : .gsm7
        // What must not be cut: an extension character in GSM-7, a grapheme in UCS-2.
        let pieces = septets ?? text.map { $0.utf16.count }
        units = pieces.reduce(0, +)
        count = units <= encoding.unitsInSingle ? 1 : Self.pack(pieces, room: encoding.unitsInEach)
    }

    private static func pack(_ pieces: [Int], room: Int) -> Int {
        var segments = 1
        var used = 0
        for piece in pieces {
            if used + piece > room, used > 0 {
                segments += 1
                used = 0
            }
            used += piece
            // A grapheme larger than a segment has to be cut after all.
            while used > room {
                segments += 1
                used -= room
            }
        }
        return segments
    }
}
