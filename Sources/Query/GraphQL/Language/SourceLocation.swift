/// A place in a source text, by the specification (section 7.1.2): line and column, both counted from 1.
///
/// A line ends with LF, CR or CR LF. A column counts Unicode code points.
package struct SourceLocation: Sendable, Hashable, Comparable {
    /// From the highest bit on: the source, the line, the column. Each node of a document has a place, so it is short;
    /// and places follow one another as these numbers do.
    private let bits: UInt64

    private static let columnBits = 28
    private static let lineBits = 26

    package var line: Int { Int(bits >> Self.columnBits & (1 << Self.lineBits - 1)) }
    package var column: Int { Int(bits & (1 << Self.columnBits - 1)) }
    /// Which of several sources, counted from 0; a request has one source only.
    package var source: Int { Int(bits >> (Self.columnBits + Self.lineBits)) }

    /// What is too large to be told is told as the largest that can be.
    package init(line: Int, column: Int, source: Int = 0) {
        func field(_ value: Int, _ width: Int) -> UInt64 { UInt64(min(max(value, 0), 1 << width - 1)) }
        bits =
            field(source, 64 - Self.columnBits - Self.lineBits) << (Self.columnBits + Self.lineBits)
            | field(line, Self.lineBits) << Self.columnBits | field(column, Self.columnBits)
    }

    /// Where nothing was written: nodes that do not come from a text, or were parsed without locations.
    package static let none = SourceLocation(line: 0, column: 0)

    package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        left.bits < right.bits
    }
}

/// A text to parse and the name that errors call it by, for a file its name.
package struct Source: Sendable, Hashable {
    /// UTF-8, as it was received; nothing has been checked.
    package let bytes: [UInt8]
    package let name: String

    package init(bytes: [UInt8], name: String = "GraphQL request") {
        self.bytes = bytes
        self.name = name
    }

    package init(_ text: String, name: String = "GraphQL request") {
        self.init(bytes: Array(text.utf8), name: name)
    }
}
