/// What a webhook's answer asks for, as far as messages go.
struct TwiMLDocument: Sendable {
    enum Verb: Sendable, Equatable {
        case message(body: String, mediaURLs: [String], to: String?, from: String?, statusCallback: String?)
        case redirect(url: String, method: String)
    }

    let verbs: [Verb]

    /// 64 kB (11750).
    static let maximumBytes = 65_536

    /// - Throws: 12100 for what is not well-formed, 12200-like refusals name the element.
    init(_ bytes: [UInt8]) throws(SandboxError) {
        guard bytes.count <= TwiMLDocument.maximumBytes else { throw SandboxError("11750 TwiML larger than 64 kB") }
        let root = try XMLParser(bytes).parse()
        guard root.name == "Response" else { throw SandboxError("12100 the root is <\(root.name)>, not <Response>") }
        var verbs: [Verb] = []
        for element in root.children {
            switch element.name {
            case "Message", "Sms":
                let bodies = element.children.filter { $0.name == "Body" }
                verbs.append(
                    .message(
                        body: bodies.isEmpty
                            ? element.text.trimmingSpace() : bodies.map(\.text).joined(),
                        mediaURLs: element.children.filter { $0.name == "Media" }.map { $0.text.trimmingSpace() },
                        to: element.attributes["to"],
                        from: element.attributes["from"], statusCallback: element.attributes["statusCallback"]))
            case "Redirect":
                verbs.append(
                    .redirect(
                        url: element.text.trimmingSpace(),
                        method: (element.attributes["method"] ?? "POST").uppercased()))
            default: throw SandboxError("12200 <\(element.name)> is not a verb for messages")
            }
        }
        self.verbs = verbs
    }
}

extension String {
    /// Without white space at either end.
    func trimmingSpace() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
