/// A place in a source text, by the specification (section 7.1.2): line and column, both counted from 1.
///
/// A line ends with LF, CR or CR LF. A column counts Unicode code points.
package struct SourceLocation: Sendable, Hashable, Comparable {
    private let storedLine: UInt32
    private let storedColumn: UInt32
    private let storedSource: UInt32

    package var line: Int { Int(storedLine) }
    package var column: Int { Int(storedColumn) }
    /// Which of several sources, counted from 0; a request has one source only.
    package var source: Int { Int(storedSource) }

    package init(line: Int, column: Int, source: Int = 0) {
        storedLine = UInt32(clamping: line)
        storedColumn = UInt32(clamping: column)
        storedSource = UInt32(clamping: source)
    }

    /// Where nothing was written: nodes that do not come from a text, or were parsed without locations.
    package static let none = SourceLocation(line: 0, column: 0)

    package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.storedSource, left.storedLine, left.storedColumn)
            < (right.storedSource, right.storedLine, right.storedColumn)
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
