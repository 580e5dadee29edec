/// What Twilio shall do: verbs within `<Response>`, every text escaped. https://www.twilio.com/docs/voice/twiml,
/// https://www.twilio.com/docs/messaging/twiml. Relative URLs resolve against where the document came from.
package struct TwiML: Sendable, Equatable {
    /// Twilio refuses more with 11750.
    package static let largestSize = 64 * 1024
    /// The most characters of the `Twiml` parameter of a call, counted in UTF-16 units to be safe.
    package static let longestInline = 4000

    package enum Invalid: Error, Sendable, Equatable, CustomStringConvertible {
        case tooLarge(bytes: Int)
        case tooLongInline(characters: Int)
        /// XML 1.0 has no way to write this character.
        case unwritableCharacter(Unicode.Scalar)

        package var description: String {
            switch self {
            case .tooLarge(let bytes): "the TwiML has \(bytes) bytes; Twilio takes at most \(TwiML.largestSize)"
            case .tooLongInline(let characters):
                "the TwiML has \(characters) characters; a call takes at most \(TwiML.longestInline), or a URL instead"
            case .unwritableCharacter(let scalar):
                "character U+\(String(scalar.value, radix: 16, uppercase: true)) cannot be written in XML"
            }
        }
    }

    package var verbs: [Verb]

    /// No verbs: Twilio does nothing more, and hangs up where there is a call.
    package init(_ verbs: [Verb] = []) {
        self.verbs = verbs
    }

    /// UTF-8 XML, to be sent as `text/xml`.
    package func rendered() throws(Invalid) -> [UInt8] {
        let bytes = Array(try text().utf8)
        guard bytes.count <= Self.largestSize else { throw .tooLarge(bytes: bytes.count) }
        return bytes
    }

    /// The same for the `twiml` of a call or an update.
    package func inline() throws(Invalid) -> String {
        let text = try text()
        guard text.utf16.count <= Self.longestInline else { throw .tooLongInline(characters: text.utf16.count) }
        return text
    }

    private func text() throws(Invalid) -> String {
        var text = #"<?xml version="1.0" encoding="UTF-8"?>"#
        try XMLElement("Response", children: verbs.map { .element($0.element) }).write(to: &text)
        return text
    }
}
