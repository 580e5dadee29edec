// An error tells what was found, and never hands a document back: a name may be as long as the whole document.

extension String {
    /// The text itself, or the beginning of a long one.
    var excerpt: String {
        utf8.count <= 64 ? self : String(prefix(64)) + "…"
    }

    /// A message in which nothing that stands between “ and ” is longer than an excerpt.
    var withShortQuotations: String {
        // Most messages are short as a whole.
        guard utf8.count > 200 else { return self }
        var message = ""
        var rest = self[...]
        while let open = rest.firstIndex(of: "“") {
            let start = rest.index(after: open)
            guard let close = rest[start...].firstIndex(of: "”") else { break }
            message += rest[..<start]
            message += String(rest[start..<close]).excerpt
            rest = rest[close...]
        }
        return message + String(rest).prefix(1_000)
    }
}
