/// Splits UTF-8 into tokens (specification, section 2.1), one at a time, looking at each byte once.
struct Lexer {
    let bytes: [UInt8]
    private let source: Int
    private var offset = 0
    private var line = 1
    /// Where the current line begins, moved on by one for each continuation byte seen on it: so the distance from here
    /// is in code points.
    private var columnOrigin = 0

    init(bytes: [UInt8], source: Int) {
        self.bytes = bytes
        self.source = source
    }

    /// The next token; at the end, the end again and again.
    mutating func next() throws(GraphQLError) -> Token {
        try skipIgnored()
        let start = offset
        let location = location(at: start)
        guard start < bytes.count else { return Token(kind: .endOfFile, start: start, end: start, location: location) }
        let byte = bytes[start]
        if isNameStart(byte) {
            repeat { offset += 1 } while offset < bytes.count && isNameContinue(bytes[offset])
            return Token(kind: .name, start: start, end: offset, location: location)
        }
        if let kind = punctuator(byte) {
            offset += kind == .spread ? 3 : 1
            return Token(kind: kind, start: start, end: offset, location: location)
        }
        if isDigit(byte) || byte == UInt8(ascii: "-") {
            return Token(kind: try number(), start: start, end: offset, location: location)
        }
        if byte == UInt8(ascii: "\"") {
            if peek(1) == byte, peek(2) == byte { return try blockString(from: start, at: location) }
            return try string(from: start, at: location)
        }
        throw error(unexpectedCharacter(), at: start)
    }

    private func peek(_ distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }

    private func punctuator(_ byte: UInt8) -> Token.Kind? {
        switch byte {
        case UInt8(ascii: "!"): .bang
        case UInt8(ascii: "$"): .dollar
        case UInt8(ascii: "&"): .ampersand
        case UInt8(ascii: "("): .parenthesisLeft
        case UInt8(ascii: ")"): .parenthesisRight
        case UInt8(ascii: "."): peek(1) == byte && peek(2) == byte ? .spread : nil
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "["): .bracketLeft
        case UInt8(ascii: "]"): .bracketRight
        case UInt8(ascii: "{"): .braceLeft
        case UInt8(ascii: "|"): .pipe
        case UInt8(ascii: "}"): .braceRight
        default: nil
        }
    }

    // MARK: Places and errors

    func location(at offset: Int) -> SourceLocation {
        SourceLocation(line: line, column: offset - columnOrigin + 1, source: source)
    }

    private func error(_ message: String, at offset: Int) -> GraphQLError {
        GraphQLError("Syntax error: \(message)", code: .parseFailed, locations: [location(at: offset)])
    }

    private func unexpectedCharacter() -> String {
        let found = found(at: offset)
        return found == Self.notUTF8
            ? "\(found)." : "expected a name, a number, a string or a punctuator, found \(found)."
    }

    private static let notUTF8 = "bytes that are not UTF-8"

    /// What stands at an offset, told without quoting more than one character.
    private func found(at offset: Int) -> String {
        guard offset < bytes.count else { return "the end of the document" }
        guard let scalar = Self.firstScalar(of: bytes[offset...].prefix(4)) else { return Self.notUTF8 }
        let printable = scalar.value > 0x20 && scalar.value < 0x7F ? " “\(scalar)”" : ""
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "the character\(printable) \(printable.isEmpty ? code : "(\(code))")"
    }

    private static func firstScalar(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        if case .scalarValue(let scalar) = decoder.decode(&iterator) { return scalar }
        return nil
    }

    // MARK: Ignored tokens

    private mutating func lineTerminator() {
        let isCarriageReturn = bytes[offset] == 0x0D
        offset += 1
        if isCarriageReturn, peek(0) == 0x0A { offset += 1 }
        line += 1
        columnOrigin = offset
    }

    private mutating func skipIgnored() throws(GraphQLError) {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, UInt8(ascii: ","): offset += 1
            case 0x0A, 0x0D: lineTerminator()
            case UInt8(ascii: "#"): try comment()
            case 0xEF where peek(1) == 0xBB && peek(2) == 0xBF:
                offset += 3
                columnOrigin += 2
            default: return
            }
        }
    }

    private mutating func comment() throws(GraphQLError) {
        let start = offset
        var continuations = 0
        var isASCII = true
        while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D {
            if bytes[offset] >= 0x80 {
                isASCII = false
                if bytes[offset] & 0xC0 == 0x80 { continuations += 1 }
            }
            offset += 1
        }
        guard isASCII || String(validating: bytes[start..<offset], as: UTF8.self) != nil else {
            throw error("the comment here is not UTF-8.", at: start)
        }
        columnOrigin += continuations
    }

    // MARK: Numbers

    private mutating func number() throws(GraphQLError) -> Token.Kind {
        if peek(0) == UInt8(ascii: "-") { offset += 1 }
        if peek(0) == UInt8(ascii: "0") {
            offset += 1
            if let byte = peek(0), isDigit(byte) {
                throw error("expected the end of a number that begins with 0, found \(found(at: offset)).", at: offset)
            }
        } else {
            try digits()
        }
        var kind = Token.Kind.int
        if peek(0) == UInt8(ascii: ".") {
            kind = .float
            offset += 1
            try digits()
        }
        if let byte = peek(0), byte | 0x20 == UInt8(ascii: "e") {
            kind = .float
            offset += 1
            if let sign = peek(0), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        if let byte = peek(0), byte == UInt8(ascii: ".") || isNameStart(byte) {
            throw error("expected the end of a number, found \(found(at: offset)).", at: offset)
        }
        return kind
    }

    private mutating func digits() throws(GraphQLError) {
        guard let byte = peek(0), isDigit(byte) else {
            throw error("expected a digit, found \(found(at: offset)).", at: offset)
        }
        while let byte = peek(0), isDigit(byte) { offset += 1 }
    }

    // MARK: Strings

    private mutating func string(from start: Int, at location: SourceLocation) throws(GraphQLError) -> Token {
        offset += 1
        var isPlain = true
        var hasHighBytes = false
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                if hasHighBytes { try checkEncoding(start..<offset) }
                offset += 1
                return Token(kind: .string, start: start, end: offset, location: location, isPlain: isPlain)
            case UInt8(ascii: "\\"):
                isPlain = false
                try skipEscape()
            case 0x0A, 0x0D: throw error("expected “\"” to end the string, found the end of the line.", at: offset)
            case 0x80...:
                isPlain = false
                hasHighBytes = true
                if bytes[offset] & 0xC0 == 0x80 { columnOrigin += 1 }
                offset += 1
            default: offset += 1
            }
        }
        throw error("expected “\"” to end the string, found the end of the document.", at: offset)
    }

    private mutating func blockString(from start: Int, at location: SourceLocation) throws(GraphQLError) -> Token {
        offset += 3
        var hasHighBytes = false
        let quote = UInt8(ascii: "\"")
        while offset < bytes.count {
            switch bytes[offset] {
            case quote where peek(1) == quote && peek(2) == quote:
                if hasHighBytes { try checkEncoding(start..<offset) }
                offset += 3
                return Token(kind: .blockString, start: start, end: offset, location: location)
            case UInt8(ascii: "\\") where peek(1) == quote && peek(2) == quote && peek(3) == quote: offset += 4
            case 0x0A, 0x0D: lineTerminator()
            case 0x80...:
                hasHighBytes = true
                if bytes[offset] & 0xC0 == 0x80 { columnOrigin += 1 }
                offset += 1
            default: offset += 1
            }
        }
        throw error("expected “\"\"\"” to end the block string, found the end of the document.", at: offset)
    }

    private func checkEncoding(_ range: Range<Int>) throws(GraphQLError) {
        guard String(validating: bytes[range], as: UTF8.self) != nil else {
            throw error("the string that ends here is not UTF-8.", at: range.upperBound)
        }
    }

    /// Steps over an escape and checks that it has a meaning, so that a bad one is told where it stands.
    private mutating func skipEscape() throws(GraphQLError) {
        guard let (_, length) = StringEscape.scalar(at: offset, in: bytes) else {
            throw error(
                "expected an escape such as “\\n”, “\\u00E9” or “\\u{1F600}” in the string, found one that means nothing.",
                at: offset)
        }
        offset += length
    }
}
