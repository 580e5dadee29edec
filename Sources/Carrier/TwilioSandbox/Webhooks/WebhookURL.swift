/// A webhook's address: what is called, and the connection overrides after `#` (never sent, never signed).
struct WebhookURL: Sendable {
    /// Without the fragment, otherwise exactly as configured, since the signature covers it.
    let called: String
    let host: String
    let overrides: ConnectionOverrides

    /// Nil unless the text is an absolute http or https URL with a host.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "#"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let url = parts.first else { return nil }
        guard let scheme = ["https://", "http://"].first(where: { Self.begins(url, with: $0) }),
            !url.contains(where: { $0 <= 0x20 || $0 == 0x7F })
        else { return nil }
        let authority = url.dropFirst(scheme.utf8.count).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let hostAndPort =
            authority.lastIndex(of: UInt8(ascii: "@")).map { authority[authority.index(after: $0)...] }
            ?? authority
        let host: Substring.UTF8View
        let port: Substring.UTF8View
        if hostAndPort.first == UInt8(ascii: "["), let end = hostAndPort.firstIndex(of: UInt8(ascii: "]")) {
            host = hostAndPort[...end]
            port = hostAndPort[hostAndPort.index(after: end)...]
        } else {
            host = hostAndPort.prefix { $0 != UInt8(ascii: ":") }
            port = hostAndPort.dropFirst(host.count)
        }
        guard !host.isEmpty,
            port.isEmpty || port.elementsEqual(":".utf8)
                || Int(Substring(port.dropFirst())).map({ (1...65_535).contains($0) }) ?? false
        else { return nil }
        called = String(Substring(url))
        self.host = String(Substring(host))
        overrides = parts.count > 1 ? ConnectionOverrides(fragment: Substring(parts[1])) : ConnectionOverrides()
    }

    /// - Parameter prefix: in lower case; what is looked at may have either.
    private static func begins(_ text: Substring.UTF8View, with prefix: String) -> Bool {
        text.count >= prefix.utf8.count
            && zip(text, prefix.utf8).allSatisfy { byte, wanted in
                byte == wanted || byte | 0x20 == wanted && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            }
    }

    /// A reference of a TwiML document, resolved against the address that it came from (RFC 3986 section 5.2, for the
    /// forms that stand in TwiML: absolute, from the root, or beside the document).
    func resolve(_ reference: String) -> String {
        if WebhookURL(reference) != nil { return reference }
        let afterScheme = called.index(called.startIndex, offsetBy: called.lowercased().hasPrefix("https") ? 8 : 7)
        let origin = called[..<(called[afterScheme...].firstIndex { $0 == "/" || $0 == "?" } ?? called.endIndex)]
        if reference.hasPrefix("/") { return origin + reference }
        let path = called[origin.endIndex...].prefix { $0 != "?" }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return origin + folder + reference
    }
}

/// `#ct=…&rt=…&tt=…&rc=…&rp=…`: milliseconds, retries and what is retried. A value out of its range keeps its default.
struct ConnectionOverrides: Sendable, Equatable {
    enum RetryPolicy: String, Sendable {
        case connect = "ct"
        case clientErrors = "4xx"
        case serverErrors = "5xx"
        case read = "rt"
        case all
    }

    /// 100 to 10,000.
    var connectMilliseconds = 5000
    /// 100 to 15,000.
    var readMilliseconds = 15_000
    /// 100 to 15,000, over all attempts.
    var totalMilliseconds = 15_000
    /// 0 to 5.
    var retries = 1
    var policies: Set<RetryPolicy> = [.connect]

    init() {}

    init(fragment: Substring) {
        for pair in Parameters(urlEncoded: fragment.utf8).pairs {
            func within(_ range: ClosedRange<Int>) -> Int? { Int(pair.value).flatMap { range.contains($0) ? $0 : nil } }
            switch pair.name {
            case "ct": connectMilliseconds = within(100...10_000) ?? connectMilliseconds
            case "rt": readMilliseconds = within(100...15_000) ?? readMilliseconds
            case "tt": totalMilliseconds = within(100...15_000) ?? totalMilliseconds
            case "rc": retries = within(0...5) ?? retries
            case "rp":
                let named = pair.value.split(separator: ",").compactMap { RetryPolicy(rawValue: String($0)) }
                if !named.isEmpty { policies = Set(named) }
            default: break
            }
        }
    }

    func retries(_ policy: RetryPolicy) -> Bool { policies.contains(policy) || policies.contains(.all) }
}
