/// The text of a template, read once: pieces and variables. Pure; nothing here knows where it is kept.
package struct TemplateText: Sendable, Hashable {
    package enum Piece: Sendable, Hashable {
        case text(String)
        case variable(String)
    }

    /// Where a text is none, and why. `offset` counts characters from 0.
    package struct Malformed: Error, Hashable {
        package let offset: Int
        package let reason: String
    }

    package let pieces: [Piece]

    /// `{name}` is a variable, `{{` and `}}` are braces; nothing else may stand in or as a brace.
    package init(_ source: String) throws(Malformed) {
        var pieces: [Piece] = []
        var text = ""
        let characters = Array(source)
        var index = 0
        while index < characters.count {
            let character = characters[index]
            let isDoubled = index + 1 < characters.count && characters[index + 1] == character
            switch character {
            case "{" where isDoubled, "}" where isDoubled:
                text.append(character)
                index += 2
            case "{":
                guard let end = characters[index...].firstIndex(of: "}") else {
                    throw Malformed(offset: index, reason: "“{” is not closed; for the brace itself write “{{”")
                }
                let name = String(characters[(index + 1)..<end])
                guard Self.isName(name) else {
                    throw Malformed(
                        offset: index,
                        reason: "“{\(name)}” is no variable: expected a letter, then up to 39 letters, digits and "
                            + "underscores; for the brace itself write “{{”")
                }
                if !text.isEmpty { pieces.append(.text(text)) }
                text = ""
                pieces.append(.variable(name))
                index = end + 1
            case "}":
                throw Malformed(offset: index, reason: "“}” closes nothing; for the brace itself write “}}”")
            default:
                text.append(character)
                index += 1
            }
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        self.pieces = pieces
    }

    /// Each once, in the order in which they stand in the text.
    package var variables: [String] {
        var seen: Set<String> = []
        return pieces.compactMap { piece in
            guard case .variable(let name) = piece, seen.insert(name).inserted else { return nil }
            return name
        }
    }

    package static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 40 else { return false }
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
        return isLetter(first)
            && name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }

    /// The finished text. A value is put in as it is and never looked into: braces in it are braces.
    ///
    /// - Parameter values: one for each of `variables`; one that is not there stands as nothing.
    package func rendered(_ values: [String: String]) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .variable(let name): result += values[name] ?? ""
            }
        }
        return result
    }
}
