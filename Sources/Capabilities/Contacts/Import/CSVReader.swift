/// CSV by RFC 4180: fields between separators, in quotes where they hold one, a quote or a line break; a quote inside
/// quotes is written twice. Lines end with CRLF, LF or CR, the last one perhaps with nothing. A byte order mark before
/// the first field is nothing. Lines without any character are passed over.
package struct CSVReader {
    package struct Record: Equatable {
        /// Where it begins, from 1.
        package let line: Int
        package let fields: [String]
    }

    /// Where a text is no CSV, and why.
    package struct Malformed: Error, Equatable {
        package let line: Int
        package let reason: String
    }

    private let bytes: [UInt8]
    private let separator: UInt8
    private var position = 0
    private var line = 1

    package init(_ text: String, separator: UInt8 = UInt8(ascii: ",")) {
        bytes = Array(text.utf8)
        self.separator = separator
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next record; `nil` at the end.
    package mutating func next() throws(Malformed) -> Record? {
        while position < bytes.count, isLineEnd(bytes[position]) { endLine() }
        guard position < bytes.count else { return nil }
        let start = line
        var fields = [try field()]
        while position < bytes.count, bytes[position] == separator {
            position += 1
            fields.append(try field())
        }
        if position < bytes.count { endLine() }
        return Record(line: start, fields: fields)
    }

    /// Ends at a separator, at the end of a line, or at the end.
    private mutating func field() throws(Malformed) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) {
                if bytes[position] == UInt8(ascii: "\"") {
                    throw Malformed(
                        line: line,
                        reason: "a quote stands inside a field that does not begin with one; put the whole "
                            + "field in quotes, and each quote in it twice")
                }
                position += 1
            }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        let startLine = line
        position += 1
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                    guard position == bytes.count || bytes[position] == separator || isLineEnd(bytes[position]) else {
                        throw Malformed(
                            line: line, reason: "something stands between a closing quote and the separator")
                    }
                    return String(decoding: content, as: UTF8.self)
                }
                content.append(byte)
                position += 1
            } else if isLineEnd(byte) {
                let start = position
                endLine()
                content += bytes[start..<position]
            } else {
                content.append(byte)
                position += 1
            }
        }
        throw Malformed(line: startLine, reason: "a quoted field begins here and does not end")
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    private mutating func endLine() {
        if bytes[position] == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A { position += 1 }
        position += 1
        line += 1
    }
}
