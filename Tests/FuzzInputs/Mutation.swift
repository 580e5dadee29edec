/// Damages texts in the ways that parsers fall over.
package struct Mutation {
    package var random: SeededGenerator

    package init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    init(random: SeededGenerator) {
        self.random = random
    }

    /// - Parameters:
    ///   - bytes: the text to damage.
    ///   - other: another text, parts of which may go into the first.
    ///   - limit: the most bytes that the result may have, about.
    package mutating func mutate(_ bytes: [UInt8], other: [UInt8], limit: Int) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<(random.chance(15) ? 0 : 1 + random.number(below: random.chance(70) ? 2 : 8)) {
            step(&bytes, other, limit)
        }
        if bytes.count > limit { bytes.removeLast(bytes.count - limit) }
        return bytes
    }

    private mutating func step(_ bytes: inout [UInt8], _ other: [UInt8], _ limit: Int) {
        let place = random.number(below: bytes.count + 1)
        switch random.number(below: 12) {
        case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.number(below: 8))
        case 2: bytes.removeSubrange(part(of: bytes))
        case 3: bytes.insert(contentsOf: bytes[part(of: bytes)], at: place)
        case 4: bytes.insert(contentsOf: other[part(of: other)], at: place)
        case 5: bytes.removeLast(bytes.count - place)
        case 6:
            // What nests or repeats, often.
            let piece = random.chance(50) ? bytes[part(of: bytes)] : random.element(of: Self.pieces)[...]
            let times = min(1 + random.number(below: random.chance(90) ? 8 : 400), limit / max(1, piece.count))
            bytes.insert(contentsOf: Array(repeating: piece, count: times).joined(), at: place)
        case 7:
            let (first, second) = (part(of: bytes), part(of: bytes))
            let (low, high) = first.lowerBound < second.lowerBound ? (first, second) : (second, first)
            guard low.upperBound <= high.lowerBound else { return }
            let moved = Array(bytes[low])
            bytes.replaceSubrange(low, with: bytes[high])
            let shift = high.count - low.count
            bytes.replaceSubrange(high.lowerBound + shift..<high.upperBound + shift, with: moved)
        default: bytes.insert(contentsOf: random.element(of: Self.pieces), at: place)
        }
    }

    /// A short range, seldom a long one.
    private mutating func part(of bytes: [UInt8]) -> Range<Int> {
        let start = random.number(below: bytes.count + 1)
        let length = random.number(below: random.chance(85) ? 24 : bytes.count + 1)
        return start..<min(bytes.count, start + length)
    }

    /// Tokens of both grammars, and bytes that are no token anywhere.
    static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", "(", ")", "...", "..", ".", ":", "=", "!", "|", "&", "@", "$", ",", "#", "\n", "\r",
            "\r\n", "\t", " ", "\"", "\"\"\"", "\\\"\"\"", "\\", "\\u", "\\u{", "\\uD800", "\\uDC00", "\\uD83D\\uDE00",
            "\\u{110000}", "\\u{00000000000000000041}", "\"\"", "{ a }", "{ a { b } }", "[[", "{{", "on", "query ",
            "mutation ", "subscription ", "fragment ", " on ", "true", "false", "null", "type ", "input ", "enum ",
            "union ", "interface ", "scalar ", "schema ", "directive ", "extend ", "implements ", "repeatable ",
            "__typename", "__schema", "__type", "id", "name", "nodes", "Query", "Message", "Int", "ID",
            "@skip(if: true)",
            "@include(if: $v)", "@oneOf", "@deprecated", "$v0", "-", "0", "-0", "00", "1.", ".5", "1e", "1e999",
            "123456789012345678901234567890", "é", "😀", "\u{FEFF}", "\u{2028}", "\u{0}", "\u{7F}", "//", "/*", "'",
            "...F0", "...F1 ", "fragment F0 on Query { ...F0 }", "query ($v0: Int) ", "a: ", "\"a\": ", "null, ", "~",
            "?",
        ].map { Array($0.utf8) } + [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x28, 0xA1], [0xF0, 0x9F],
            [0x80],
            [0xEF, 0xBB], [0xFE, 0xFF],
        ]
}
