import OrderedCollections

/// Why a text is no JSON, and where.
package struct JSONError: Error, Sendable, Hashable {
    /// A sentence such as “Expected a value.” It never quotes the text.
    package let message: String
    /// In bytes from the beginning, counted from 0.
    package let offset: Int
}

extension JSONValue {
    /// Parses one JSON value in UTF-8 with nothing but white space around it (RFC 8259). Stricter than the RFC demands:
    /// a key that stands twice in one object, a lone surrogate and a byte order mark are errors.
    ///
    /// - Parameter depthLimit: how many arrays and objects may be open at one place.
    package init(parsing bytes: [UInt8], depthLimit: Int = 64) throws(JSONError) {
        var parser = JSONParser(bytes: bytes, depthLimit: depthLimit)
        self = try parser.document()
    }
}

/// A strict JSON parser over bytes, by recursive descent; the depth limit bounds its use of the stack.
struct JSONParser {
    private let bytes: [UInt8]
    private let depthLimit: Int
    private var offset = 0
    private var depth = 0

    init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func document() throws(JSONError) -> JSONValue {
        skipWhitespace()
        let value = try value()
        skipWhitespace()
        guard offset == bytes.count else { throw error("Expected the end of the text after the value.") }
        return value
    }

    private func error(_ message: String) -> JSONError {
        JSONError(message: message, offset: offset)
    }

    /// The byte at the offset, or 0 at the end: a NUL begins nothing in JSON.
    private var current: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    private mutating func skipWhitespace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        switch current {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default:
            throw error(offset < bytes.count ? "Expected a value." : "Expected a value, found the end of the text.")
        }
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        let length = word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { expected in
            offset + length <= bytes.count && bytes[offset..<offset + length].elementsEqual(expected)
        }
        guard matches else { throw error("Expected a value.") }
        offset += length
    }

    private mutating func descend() throws(JSONError) {
        depth += 1
        guard depth <= depthLimit else { throw error("Arrays and objects are nested more than \(depthLimit) deep.") }
        offset += 1
        skipWhitespace()
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try descend()
        defer { depth -= 1 }
        var items: [JSONValue] = []
        if current == UInt8(ascii: "]") {
            offset += 1
            return .array(items)
        }
        while true {
            items.append(try value())
            skipWhitespace()
            switch current {
            case UInt8(ascii: ","):
                offset += 1
                skipWhitespace()
            case UInt8(ascii: "]"):
                offset += 1
                return .array(items)
            default: throw error("Expected “,” or “]” in an array.")
            }
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try descend()
        defer { depth -= 1 }
        var members: OrderedDictionary<String, JSONValue> = [:]
        if current == UInt8(ascii: "}") {
            offset += 1
            return .object(members)
        }
        while true {
            let keyOffset = offset
            guard current == UInt8(ascii: "\"") else { throw error("Expected a key in quotation marks.") }
            let key = try string()
            skipWhitespace()
            guard current == UInt8(ascii: ":") else { throw error("Expected “:” after a key.") }
            offset += 1
            skipWhitespace()
            guard members.updateValue(try value(), forKey: key) == nil else {
                throw JSONError(message: "A key stands twice in one object.", offset: keyOffset)
            }
            skipWhitespace()
            switch current {
            case UInt8(ascii: ","):
                offset += 1
                skipWhitespace()
            case UInt8(ascii: "}"):
                offset += 1
                return .object(members)
            default: throw error("Expected “,” or “}” in an object.")
            }
        }
    }

    // MARK: Numbers

    private mutating func digits() throws(JSONError) {
        guard isDigit(current) else { throw error("Expected a digit.") }
        while isDigit(current) { offset += 1 }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = offset
        if current == UInt8(ascii: "-") { offset += 1 }
        if current == UInt8(ascii: "0") {
            offset += 1
            if isDigit(current) { throw error("A number does not begin with 0.") }
        } else {
            try digits()
        }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            offset += 1
            try digits()
        }
        if current | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            offset += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        // “-0” is no Int64: its sign would be lost.
        if isInteger, text != "-0", let value = Int64(text) { return .int(value) }
        return .number(text)
    }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        offset += 1
        let start = offset
        var isASCII = true
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                let text = try decoded(bytes[start..<offset], isASCII: isASCII)
                offset += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try stringWithEscapes(from: start) }
            if byte < 0x20 { throw error("A string holds a control character that is not escaped.") }
            if byte >= 0x80 { isASCII = false }
            offset += 1
        }
        throw error("A string does not end.")
    }

    private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                let string = try decoded(text[...], isASCII: false)
                offset += 1
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw error("A string holds a control character that is not escaped.")
            default:
                text.append(byte)
                offset += 1
            }
        }
        throw error("A string does not end.")
    }

    private func decoded(_ utf8: ArraySlice<UInt8>, isASCII: Bool) throws(JSONError) -> String {
        if isASCII { return String(decoding: utf8, as: UTF8.self) }
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw error("The string that ends here is not UTF-8.")
        }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        offset += 1
        let replacement: UInt8
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): replacement = current
        case UInt8(ascii: "b"): replacement = 0x08
        case UInt8(ascii: "f"): replacement = 0x0C
        case UInt8(ascii: "n"): replacement = 0x0A
        case UInt8(ascii: "r"): replacement = 0x0D
        case UInt8(ascii: "t"): replacement = 0x09
        case UInt8(ascii: "u"):
            offset += 1
            text.append(contentsOf: UTF8.encodeOrReplacement(try codePoint()))
            return
        default: throw error("A string holds an unknown escape.")
        }
        text.append(replacement)
        offset += 1
    }

    private mutating func codePoint() throws(JSONError) -> Unicode.Scalar {
        let start = offset
        let high = try fourHexDigits()
        if let scalar = Unicode.Scalar(high) { return scalar }
        if high < 0xDC00, current == UInt8(ascii: "\\"), offset + 1 < bytes.count,
            bytes[offset + 1] == UInt8(ascii: "u")
        {
            offset += 2
            let low = try fourHexDigits()
            if (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                return scalar
            }
        }
        throw JSONError(message: "A string holds half of a surrogate pair.", offset: start)
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = hexDigit(current) else { throw error("Expected four hexadecimal digits.") }
            value = value << 4 | digit
            offset += 1
        }
        return value
    }
}
