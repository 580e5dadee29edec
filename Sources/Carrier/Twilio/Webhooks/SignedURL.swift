import Crypto

/// A webhook's URL as Twilio signs it: without fragment, and with or without its port.
struct SignedURL {
    private let scheme: Substring
    private let host: Substring
    private let port: Substring?
    /// Path and query, as they came.
    private let rest: Substring

    init(_ url: String) {
        let plain = url.utf8.prefix { $0 != UInt8(ascii: "#") }
        guard let colon = plain.firstIndex(of: UInt8(ascii: ":")), plain[colon...].starts(with: "://".utf8) else {
            (scheme, host, port, rest) = ("", "", nil, Substring(plain))
            return
        }
        scheme = Substring(plain[..<colon])
        let afterScheme = plain[colon...].dropFirst(3)
        let authority = afterScheme.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        rest = Substring(afterScheme[authority.endIndex...])
        // The last colon outside the brackets of an IPv6 address begins the port.
        if let mark = authority.lastIndex(of: UInt8(ascii: ":")), !authority[mark...].contains(UInt8(ascii: "]")) {
            host = Substring(authority[..<mark])
            port = Substring(authority[authority.index(after: mark)...])
        } else {
            host = Substring(authority)
            port = nil
        }
    }

    /// Twilio signs sometimes with the port and sometimes without, the default port included.
    var variants: [String] {
        guard !scheme.isEmpty else { return [String(rest)] }
        let standard: Substring = scheme.lowercased() == "https" ? "443" : "80"
        return ["\(scheme)://\(host)\(rest)", "\(scheme)://\(host):\(port ?? standard)\(rest)"]
    }

    /// Whether the query's `bodySHA256` is the lowercase hexadecimal SHA-256 of that body. The URL is signed, so a
    /// right signature makes the hash Twilio's own.
    func vouches(for body: [UInt8]) -> Bool {
        guard let mark = rest.firstIndex(of: "?"),
            let query = try? FormBody(decoding: rest[mark...].dropFirst().utf8),
            query.fields.filter({ $0.name == "bodySHA256" }).count == 1, let claimed = query["bodySHA256"]
        else { return false }
        let digest = SHA256.hash(data: body).flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }
        let given = Array(claimed.utf8)
        guard given.count == digest.count else { return false }
        return zip(given, digest).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
