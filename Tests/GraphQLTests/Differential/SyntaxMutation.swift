/// Spoils texts without looking at what they mean.
enum SyntaxMutation {
    private static let vocabulary = [
        "{", "}", "(", ")", "[", "]", ":", "!", "=", "@", "$", "|", "&", "...", "..", ".", "on", "query", "mutation",
        "subscription", "fragment", "true", "null", "type", "extend", "schema", "input", "enum", "union", "interface",
        "implements", "directive", "repeatable", "scalar", "name", "_", "0", "01", "-", "-1", "1.", "1.5", ".5", "1e",
        "1e5", "0x1", "1a", "\"\"", "\"open", "\"\"\"open", "\"\\q\"", "\"\\u12\"", "\"\\u{110000}\"", "\"\\u{}\"",
        "\"\\uD800\"", "\"\\uDC00\\uD800\"", "\"\\u{D800}\"", "\"\\u{1F600}\"", "\"tab\tinside\"", "\"\"\"a\"\"\"", "#",
        "?", "'", "%", "\u{0}", "\u{7F}", "\u{A0}", "ä", "😀", "\u{2028}", "FIELD", "QUERY | FIELD", "query", "{ }",
        "()",
    ]

    private static let scalars: [Unicode.Scalar] = [
        "{", "}", "(", ")", "[", "]", ":", "!", "=", "@", "$", "|", "&", ".", "\"", "\\", "#", ",", "\n", "\r", "\t",
        " ",
        "a", "Z", "_", "0", "9", "-", "+", "e", "u", "ä", "😀", "\u{0}", "\u{B}", "\u{85}", "\u{2028}", "\u{FEFF}",
        "\u{FFFF}", "\u{10FFFF}",
    ]

    /// Leaves out, repeats, swaps, replaces or adds tokens.
    static func tokens(_ tokens: [String], _ random: inout SeededRandom) -> [String] {
        var tokens = tokens
        for _ in 0..<random.pick([1, 1, 1, 2, 3]) where !tokens.isEmpty {
            let index = random.number(0...tokens.count - 1)
            switch random.number(0...5) {
            case 0: tokens.remove(at: index)
            case 1: tokens.insert(tokens[index], at: index)
            case 2: tokens.swapAt(index, random.number(0...tokens.count - 1))
            case 3: tokens[index] = random.pick(vocabulary)
            case 4: tokens.insert(random.pick(vocabulary), at: index)
            default: if random.chance(30) { tokens.removeSubrange(index...) } else { tokens.remove(at: index) }
            }
        }
        return tokens
    }

    /// The same with Unicode scalars.
    static func text(_ text: String, _ random: inout SeededRandom) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<random.pick([1, 1, 1, 2, 4]) where !scalars.isEmpty {
            let index = random.number(0...scalars.count - 1)
            switch random.number(0...4) {
            case 0: scalars.remove(at: index)
            case 1: scalars.insert(scalars[index], at: index)
            case 2: scalars[index] = random.pick(Self.scalars)
            case 3: scalars.insert(random.pick(Self.scalars), at: index)
            default: if random.chance(30) { scalars.removeSubrange(index...) } else { scalars.remove(at: index) }
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
