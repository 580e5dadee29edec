/// A request as received, taken apart once.
struct SandboxRequest: Sendable {
    let method: String
    /// Undecoded, without the query.
    let path: String
    /// Decoded; a `+` stays a `+`, since phone numbers stand in paths.
    let segments: [String]
    let query: Parameters
    /// The form, empty for other content types.
    let form: Parameters
    let authorization: String?
    let host: String?
    let body: [UInt8]

    init(
        method: String, target: String, authorization: String?, contentType: String?, host: String?, body: [UInt8]
    ) {
        self.method = method
        let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map { String(Substring($0)) } ?? ""
        segments = path.utf8.split(separator: UInt8(ascii: "/")).map { segment in
            guard segment.contains(UInt8(ascii: "%")) else { return String(Substring(segment)) }
            return String(decoding: Percent.decode(Array(segment), plusIsSpace: false), as: UTF8.self)
        }
        query = parts.count > 1 ? Parameters(urlEncoded: parts[1]) : Parameters()
        // GETs may carry a Content-Type too (the SDKs send one); only a body makes a form.
        let isForm = contentType?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
        form = isForm && !body.isEmpty ? Parameters(urlEncoded: body) : Parameters()
        self.authorization = authorization
        self.host = host
        self.body = body
    }

    /// Scheme and host as the caller wrote them.
    var base: String { "http://" + (host ?? "127.0.0.1") }

    /// Form first, as creates have it, then the query.
    func parameter(_ name: String) -> String? { form[name] ?? query[name] }
}
