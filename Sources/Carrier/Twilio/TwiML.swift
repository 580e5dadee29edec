/// An answer to a messaging webhook: verbs within `<Response>`, every text escaped.
package struct TwiML: Sendable, Equatable {
    /// Twilio refuses more with 11750.
    package static let largestSize = 64 * 1024

    package enum Invalid: Error, Sendable, Equatable, CustomStringConvertible {
        case tooLarge(bytes: Int)
        /// XML 1.0 has no way to write this character.
        case unwritableCharacter(Unicode.Scalar)

        package var description: String {
            switch self {
            case .tooLarge(let bytes): "the TwiML has \(bytes) bytes; Twilio takes at most \(TwiML.largestSize)"
            case .unwritableCharacter(let scalar):
                "character U+\(String(scalar.value, radix: 16, uppercase: true)) cannot be written in XML"
            }
        }
    }

    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package enum Verb: Sendable, Equatable {
        case message(Message)
        /// Goes on with the TwiML at that URL.
        case redirect(url: String, method: Method? = nil)
    }

    /// Sends a message; to whom the answered one came from, unless said otherwise.
    package struct Message: Sendable, Equatable {
        package var body: String?
        /// URLs.
        package var media: [String]
        package var to: String?
        package var from: String?
        package var action: String?
        package var method: Method?
        package var statusCallback: String?

        package init(_ body: String? = nil, media: [String] = []) {
            self.body = body
            self.media = media
        }
    }

    package var verbs: [Verb]

    /// No verbs: Twilio does nothing more.
    package init(_ verbs: [Verb] = []) {
        self.verbs = verbs
    }

    /// UTF-8 XML, to be sent as `text/xml`.
    package func rendered() throws(Invalid) -> [UInt8] {
        var text = #"<?xml version="1.0" encoding="UTF-8"?>"#
        try XMLElement("Response", children: verbs.map { .element($0.element) }).write(to: &text)
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.largestSize else { throw .tooLarge(bytes: bytes.count) }
        return bytes
    }
}

extension TwiML.Verb {
    fileprivate var element: XMLElement {
        switch self {
        case .message(let message):
            var children: [XMLElement.Child] = []
            if let body = message.body { children.append(.element(XMLElement("Body", children: [.text(body)]))) }
            children += message.media.map { .element(XMLElement("Media", children: [.text($0)])) }
            return XMLElement(
                "Message",
                attributes: [
                    ("to", message.to), ("from", message.from), ("action", message.action),
                    ("method", message.method?.rawValue), ("statusCallback", message.statusCallback),
                ],
                children: children)
        case .redirect(let url, let method):
            return XMLElement("Redirect", attributes: [("method", method?.rawValue)], children: [.text(url)])
        }
    }
}
