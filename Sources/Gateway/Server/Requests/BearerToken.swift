/// RFC 6750, section 2.1.
struct BearerToken: Sendable {
    let value: String

    init?(_ header: String?) {
        guard let header else { return nil }
        // As nearly everybody writes it.
        if header.hasPrefix("Bearer "), let token = Self.plain(header.utf8.dropFirst(7)) {
            value = token
            return
        }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].filter { $0 != " " }
        guard !token.isEmpty else { return nil }
        value = token
    }

    private static func plain(_ text: Substring.UTF8View) -> String? {
        let space = UInt8(ascii: " ")
        let hasSpace = text.withContiguousStorageIfAvailable { $0.contains(space) } ?? text.contains(space)
        return text.isEmpty || hasSpace ? nil : String(Substring(text))
    }
}
