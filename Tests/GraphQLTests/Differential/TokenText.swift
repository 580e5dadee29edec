/// Splits text of ours, which is well formed, into lexical tokens; what is ignored between them is dropped.
func tokenize(_ text: String) -> [String] {
    var tokens: [String] = []
    var rest = Substring(text)
    while let first = rest.unicodeScalars.first {
        switch first {
        case " ", "\t", ",", "\n", "\r", "\u{FEFF}": rest.unicodeScalars.removeFirst()
        case "#": rest = rest.unicodeScalars.drop { $0 != "\n" && $0 != "\r" }.asSubstring
        default:
            let length = tokenLength(rest)
            tokens.append(String(String.UnicodeScalarView(rest.unicodeScalars.prefix(length))))
            rest.unicodeScalars.removeFirst(length)
        }
    }
    return tokens
}

extension Substring.UnicodeScalarView {
    fileprivate var asSubstring: Substring { Substring(self) }
}

private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
}

/// In Unicode scalars.
private func tokenLength(_ text: Substring) -> Int {
    if text.hasPrefix("...") { return 3 }
    let scalars = Array(text.unicodeScalars)
    if text.hasPrefix("\"\"\"") {
        var end = 3
        while end < scalars.count, !scalars[end...].starts(with: "\"\"\"".unicodeScalars) {
            end += scalars[end...].starts(with: "\\\"\"\"".unicodeScalars) ? 4 : 1
        }
        return min(end + 3, scalars.count)
    }
    if scalars[0] == "\"" {
        var end = 1
        while end < scalars.count, scalars[end] != "\"" { end += scalars[end] == "\\" ? 2 : 1 }
        return min(end + 1, scalars.count)
    }
    let word = scalars.prefix { isWord($0) || $0 == "." || $0 == "-" || $0 == "+" }.count
    return isWord(scalars[0]) && !("0"..."9").contains(scalars[0])
        ? scalars.prefix(while: isWord).count : max(1, word)
}

/// Puts tokens together with what the grammar ignores between them: white space, line ends of all three kinds, commas,
/// comments and byte order marks, and nothing at all where two tokens stay apart by themselves.
func join(_ tokens: [String], _ random: inout SeededRandom) -> String {
    let apart: Set = ["$", "{", "}", "(", ")", "[", "]", ":", "!", "=", "@", "|", "&"]
    // A text keeps to one way most of the time, so that some are all on one line and some have many.
    let breaks = random.pick([0, 2, 10, 40])
    let lineEnd = random.pick(["\n", "\n", "\r\n", "\r"])
    var text = random.chance(2) ? "\u{FEFF}" : ""
    for (index, token) in tokens.enumerated() {
        text += token
        let next = index + 1 < tokens.count ? tokens[index + 1] : "}"
        if random.chance(breaks) {
            text += random.pick([lineEnd, lineEnd, lineEnd + "  ", "\n", "\r", "\r\n", "\n\r", " \t" + lineEnd])
        } else if apart.contains(token) || apart.contains(next), random.chance(50) {
            continue
        } else {
            let rare = [",", ", ", "\t", "  ", "\u{FEFF} ", ",,", " # größer 😀\n", "#\r"]
            text += random.chance(92) ? " " : random.pick(rare)
        }
    }
    return text
}
