/// A text that Switchboard sends by itself, with `{names}` in it.
package enum ReplyText {
    /// The most UTF-16 units of a finished text, as Twilio has it (error 21617).
    package static let longest = 1_600
    /// The most UTF-16 units of a text as it is chosen, so that names still have room in it.
    package static let longestChosen = 1_000

    /// Puts values in the place of `{name}`. What is no name of `values` stays as it is; a value is never looked into.
    package static func render(_ text: String, _ values: [String: String]) -> String {
        var rendered = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            rendered += rest[..<open]
            let inner = rest[rest.index(after: open)...]
            if let close = inner.firstIndex(of: "}"), let value = values[String(inner[..<close])] {
                rendered += value
                rest = inner[inner.index(after: close)...]
            } else {
                rendered += "{"
                rest = inner
            }
        }
        rendered += rest
        while rendered.utf16.count > longest { rendered.removeLast() }
        return rendered
    }
}
