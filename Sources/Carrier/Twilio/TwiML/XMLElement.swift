/// One XML element. Names are ours; texts are anybody's, and escaped.
struct XMLElement {
    indirect enum Child {
        case element(XMLElement)
        case text(String)
    }

    typealias Attribute = (StaticString, String?)

    private let name: StaticString
    private let attributes: [(name: StaticString, value: String?)]
    private let children: [Child]

    /// An attribute without a value is left out.
    init(_ name: StaticString, attributes: [Attribute] = [], children: [Child] = []) {
        self.name = name
        self.attributes = attributes.map { (name: $0.0, value: $0.1) }
        self.children = children
    }

    func write(to text: inout String) throws(TwiML.Invalid) {
        text += "<\(name)"
        for attribute in attributes {
            guard let value = attribute.value else { continue }
            text += " \(attribute.name)=\""
            try Self.escape(value, to: &text)
            text += "\""
        }
        guard !children.isEmpty else {
            text += "/>"
            return
        }
        text += ">"
        for child in children {
            switch child {
            case .element(let element): try element.write(to: &text)
            case .text(let inner): try Self.escape(inner, to: &text)
            }
        }
        text += "</\(name)>"
    }

    /// Escapes for texts and quoted attributes alike. Line ends go as references, or a parser would make a space of
    /// them in an attribute and a line feed of a carriage return (XML 1.0, 2.11 and 3.3.3).
    private static func escape(_ raw: String, to text: inout String) throws(TwiML.Invalid) {
        for scalar in raw.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&apos;"
            case "\t", "\n", "\r": text += "&#\(scalar.value);"
            case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                text.unicodeScalars.append(scalar)
            default: throw .unwritableCharacter(scalar)
            }
        }
    }
}
