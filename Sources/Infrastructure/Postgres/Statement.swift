/// One SQL statement with `$1…$n`, and the name it is prepared under.
package struct Statement: Sendable, Hashable {
    package let text: String
    /// Derived from `text` alone, at most 15 bytes. Two texts may share a name: a connection compares the text too,
    /// and prepares anew when it differs.
    package let name: String

    /// Hand-written SQL. A `StaticString` cannot be interpolated, so no value can slip into it. Keep it in a
    /// `static let`: the name is computed here.
    package init(_ text: StaticString) {
        self.init(unchecked: text.description)
    }

    /// SQL that a program built. Only the query compiler may call this: whoever does answers for every byte of
    /// `text`, and values must still be `$n`.
    package init(compiled text: String) {
        self.init(unchecked: text)
    }

    private init(unchecked text: String) {
        self.text = text
        self.name = "s" + String(Self.fingerprint(text), radix: 36)
    }

    package static func == (left: Statement, right: Statement) -> Bool {
        left.text == right.text
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }

    /// FNV-1a, 64 bits.
    private static func fingerprint(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return hash
    }
}
