/// A text with `{variables}`. A variable is a letter and up to 39 letters, digits and underscores in braces; anything else
/// in braces is text.
package struct MessageText: Sendable {
    private enum Part: Sendable {
        case text(String)
        case variable(String)
    }

    private let parts: [Part]
    /// The names that the text asks for, each once, in their order.
    package let variables: [String]

    package init(_ body: String) {
        var parts: [Part] = []
        var names: [String] = []
        var rest = body[...]
        while let open = rest.firstIndex(of: "{") {
            let after = rest.index(after: open)
            guard let close = rest[after...].firstIndex(of: "}"), Self.isName(rest[after..<close]) else {
                parts.append(.text(String(rest[..<after])))
                rest = rest[after...]
                continue
            }
            let name = String(rest[after..<close])
            parts.append(.text(String(rest[..<open])))
            parts.append(.variable(name))
            if !names.contains(name) { names.append(name) }
            rest = rest[rest.index(after: close)...]
        }
        parts.append(.text(String(rest)))
        self.parts = parts
        variables = names
    }

    private static func isName(_ text: Substring) -> Bool {
        guard (1...40).contains(text.utf8.count), let first = text.utf8.first else { return false }
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
        return isLetter(first)
            && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }

    package struct Missing: Error, Equatable {
        package let variables: [String]

        package init(variables: [String]) {
            self.variables = variables
        }
    }

    /// The text with every variable's value. A value is text, whatever stands in it.
    package func filled(_ value: (String) -> String?) throws(Missing) -> String {
        var missing: [String] = []
        var text = ""
        for part in parts {
            switch part {
            case .text(let fixed): text += fixed
            case .variable(let name):
                if let given = value(name) { text += given } else if !missing.contains(name) { missing.append(name) }
            }
        }
        guard missing.isEmpty else { throw Missing(variables: missing) }
        return text
    }
}
