/// An element of a document, with the text directly in it.
package struct XMLElement: Sendable {
    package let name: String
    package let attributes: [String: String]
    package var children: [XMLElement] = []
    package var text = ""
}

/// The part of XML 1.0 that TwiML uses: elements, attributes, text, CDATA, comments, processing instructions, the five
/// predefined entities and character references. Document types are refused.
package struct XMLParser {
    private let bytes: [UInt8]
    private var index = 0
    private static let maximumDepth = 32

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// - Throws: an error that begins with Twilio's code 12100.
    package consuming func parse() throws(SandboxError) -> XMLElement {
        try skipMisc()
        let root = try element(depth: 0)
        try skipMisc()
        guard index == bytes.count else { throw malformed("there is text after the root element") }
        return root
    }

    private func malformed(_ what: String) -> SandboxError {
        SandboxError("12100 document parse failure at byte \(index): \(what)")
    }

    private func starts(with text: StaticString) -> Bool {
        let wanted = text.description.utf8
        return bytes[index...].prefix(wanted.count).elementsEqual(wanted)
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func skip(past end: StaticString) throws(SandboxError) {
        while index < bytes.count {
            if starts(with: end) {
                index += end.utf8CodeUnitCount
                return
            }
            index += 1
        }
        throw malformed("'\(end)' is missing")
    }

    private mutating func skipMisc() throws(SandboxError) {
        while true {
            skipSpace()
            if starts(with: "<!--") {
                try skip(past: "-->")
            } else if starts(with: "<?") {
                try skip(past: "?>")
            } else {
                return
            }
        }
    }

    private mutating func name() throws(SandboxError) -> String {
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: ":"), 0x80...:
                index += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                guard index > start else { throw malformed("a name cannot start here") }
                index += 1
            default:
                guard index > start else { throw malformed("a name is expected") }
                return String(decoding: bytes[start..<index], as: UTF8.self)
            }
        }
        throw malformed("the document ends in a name")
    }

    private mutating func element(depth: Int) throws(SandboxError) -> XMLElement {
        guard depth < XMLParser.maximumDepth else { throw malformed("elements are nested too deeply") }
        guard starts(with: "<"), !starts(with: "<!") else { throw malformed("an element is expected") }
        index += 1
        let name = try name()
        var attributes: [String: String] = [:]
        while true {
            let before = index
            skipSpace()
            if starts(with: "/>") {
                index += 2
                return XMLElement(name: name, attributes: attributes)
            }
            if starts(with: ">") {
                index += 1
                break
            }
            guard index > before else { throw malformed("white space is expected") }
            let (key, value) = try attribute()
            guard attributes.updateValue(value, forKey: key) == nil else { throw malformed("'\(key)' occurs twice") }
        }
        var element = XMLElement(name: name, attributes: attributes)
        try content(of: &element, depth: depth)
        return element
    }

    private mutating func attribute() throws(SandboxError) -> (String, String) {
        let key = try name()
        skipSpace()
        guard starts(with: "=") else { throw malformed("'=' is expected") }
        index += 1
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
            throw malformed("a quote is expected")
        }
        let quote = bytes[index]
        index += 1
        var value: [UInt8] = []
        while index < bytes.count, bytes[index] != quote {
            guard bytes[index] != UInt8(ascii: "<") else { throw malformed("'<' in an attribute") }
            try character(into: &value)
        }
        guard index < bytes.count else { throw malformed("an attribute does not end") }
        index += 1
        return (key, String(decoding: value, as: UTF8.self))
    }

    private mutating func content(of element: inout XMLElement, depth: Int) throws(SandboxError) {
        var text: [UInt8] = []
        while index < bytes.count {
            if starts(with: "</") {
                index += 2
                guard try name() == element.name else { throw malformed("<\(element.name)> is not closed") }
                skipSpace()
                guard starts(with: ">") else { throw malformed("'>' is expected") }
                index += 1
                element.text = String(decoding: text, as: UTF8.self)
                return
            }
            if starts(with: "<!--") {
                try skip(past: "-->")
            } else if starts(with: "<![CDATA[") {
                index += 9
                let start = index
                try skip(past: "]]>")
                text += bytes[start..<(index - 3)]
            } else if starts(with: "<?") {
                try skip(past: "?>")
            } else if starts(with: "<") {
                element.children.append(try self.element(depth: depth + 1))
            } else {
                try character(into: &text)
            }
        }
        throw malformed("<\(element.name)> is not closed")
    }

    /// One byte of text, or one reference.
    private mutating func character(into output: inout [UInt8]) throws(SandboxError) {
        guard bytes[index] == UInt8(ascii: "&") else {
            output.append(bytes[index])
            index += 1
            return
        }
        guard let end = bytes[index...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw malformed("'&' is not escaped")
        }
        let reference = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        switch reference {
        case "amp": output.append(UInt8(ascii: "&"))
        case "lt": output.append(UInt8(ascii: "<"))
        case "gt": output.append(UInt8(ascii: ">"))
        case "quot": output.append(UInt8(ascii: "\""))
        case "apos": output.append(UInt8(ascii: "'"))
        default:
            let isHex = reference.hasPrefix("#x")
            guard reference.hasPrefix("#"),
                let value = UInt32(reference.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10),
                let scalar = Unicode.Scalar(value), value != 0
            else { throw malformed("&\(reference); is no character") }
            output += String(Character(scalar)).utf8
        }
        index = end + 1
    }
}
