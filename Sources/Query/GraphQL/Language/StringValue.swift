/// Escapes of a quoted string (specification, section 2.9.4).
enum StringEscape {
    /// The scalar that the escape at an offset means, and the escape's length in bytes; `nil` where it means none.
    static func scalar(at offset: Int, in bytes: [UInt8]) -> (scalar: Unicode.Scalar, length: Int)? {
        guard offset + 1 < bytes.count else { return nil }
        switch bytes[offset + 1] {
        case UInt8(ascii: "\""): return ("\"", 2)
        case UInt8(ascii: "\\"): return ("\\", 2)
        case UInt8(ascii: "/"): return ("/", 2)
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"):
            if offset + 2 < bytes.count, bytes[offset + 2] == UInt8(ascii: "{") {
                return variableWidth(at: offset, in: bytes)
            }
            return fixedWidth(at: offset, in: bytes)
        default: return nil
        }
    }

    /// `\u{…}`, with as many digits as one likes.
    private static func variableWidth(at offset: Int, in bytes: [UInt8]) -> (scalar: Unicode.Scalar, length: Int)? {
        var value: UInt32 = 0
        var end = offset + 3
        while end < bytes.count, let digit = hexDigit(bytes[end]) {
            value = value << 4 | digit
            // Past the last code point no digit can help; stopping here also keeps the value from overflowing.
            guard value <= 0x10FFFF else { return nil }
            end += 1
        }
        guard end > offset + 3, end < bytes.count, bytes[end] == UInt8(ascii: "}") else { return nil }
        return Unicode.Scalar(value).map { ($0, end + 1 - offset) }
    }

    /// `\uXXXX`, or two of them that make a surrogate pair.
    private static func fixedWidth(at offset: Int, in bytes: [UInt8]) -> (scalar: Unicode.Scalar, length: Int)? {
        guard let first = fourDigits(at: offset + 2, in: bytes) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard first < 0xDC00, offset + 7 < bytes.count, bytes[offset + 6] == UInt8(ascii: "\\"),
            bytes[offset + 7] == UInt8(ascii: "u"), let second = fourDigits(at: offset + 8, in: bytes),
            (0xDC00..<0xE000).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)).map { ($0, 12) }
    }

    private static func fourDigits(at offset: Int, in bytes: [UInt8]) -> UInt32? {
        guard offset + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in offset..<offset + 4 {
            guard let digit = hexDigit(bytes[index]) else { return nil }
            value = value << 4 | digit
        }
        return value
    }
}

extension Lexer {
    /// What a string token means. The lexer has checked its escapes and its encoding.
    func stringValue(of token: Token) -> String {
        if token.kind == .blockString {
            return String(decoding: blockStringValue(bytes[token.start + 3..<token.end - 3]), as: UTF8.self)
        }
        let content = token.start + 1..<token.end - 1
        if token.isPlain { return String(decoding: bytes[content], as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var offset = content.lowerBound
        while offset < content.upperBound {
            if bytes[offset] == UInt8(ascii: "\\"), let (scalar, length) = StringEscape.scalar(at: offset, in: bytes) {
                text.append(contentsOf: UTF8.encodeOrReplacement(scalar))
                offset += length
            } else {
                text.append(bytes[offset])
                offset += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// `BlockStringValue(rawValue)` of the specification, section 2.9.4: the common indentation of all lines but the first
/// is taken away, then the blank lines at both ends; `\"""` becomes `"""`.
func blockStringValue(_ raw: ArraySlice<UInt8>) -> [UInt8] {
    var lines: [ArraySlice<UInt8>] = []
    var lineStart = raw.startIndex
    var offset = raw.startIndex
    while offset < raw.endIndex {
        let byte = raw[offset]
        offset += 1
        guard byte == 0x0A || byte == 0x0D else { continue }
        lines.append(raw[lineStart..<offset - 1])
        if byte == 0x0D, offset < raw.endIndex, raw[offset] == 0x0A { offset += 1 }
        lineStart = offset
    }
    lines.append(raw[lineStart...])

    func indentation(_ line: ArraySlice<UInt8>) -> Int {
        line.prefix { $0 == 0x20 || $0 == 0x09 }.count
    }
    func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        indentation(line) == line.count
    }
    let common = lines.dropFirst().filter { !isBlank($0) }.map(indentation).min() ?? 0
    for index in lines.indices.dropFirst() {
        lines[index] = lines[index].dropFirst(common)
    }
    guard let first = lines.firstIndex(where: { !isBlank($0) }), let last = lines.lastIndex(where: { !isBlank($0) })
    else { return [] }

    var value: [UInt8] = []
    value.reserveCapacity(raw.count)
    for index in first...last {
        if index > first { value.append(0x0A) }
        appendUnescapingTripleQuotes(lines[index], to: &value)
    }
    return value
}

private func appendUnescapingTripleQuotes(_ line: ArraySlice<UInt8>, to value: inout [UInt8]) {
    let escaped = Array("\\\"\"\"".utf8)
    var offset = line.startIndex
    while offset < line.endIndex {
        if line[offset] == escaped[0], line[offset...].starts(with: escaped) {
            value.append(contentsOf: escaped.dropFirst())
            offset += escaped.count
        } else {
            value.append(line[offset])
            offset += 1
        }
    }
}
