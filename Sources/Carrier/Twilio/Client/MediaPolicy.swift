/// To which places Twilio's API may send on for a file. Whatever a redirect says, a request goes out over HTTPS only, to
/// these hosts only, to addresses of the public internet only, and without the credential.
package struct MediaPolicy: Sendable, Equatable {
    /// Names of hosts; one that begins with a dot stands for every host below it.
    package var hosts: [String]
    /// How many redirects are followed, one after the other.
    package var longestChain = 3

    package init(hosts: [String]) {
        self.hosts = hosts
    }

    /// Twilio's own hosts and the one of its storage. Where Twilio sends on to is not documented (facts.md section 2).
    package static let twilio = MediaPolicy(
        hosts: [".twilio.com", ".twiliocdn.com", "s3-external-1.amazonaws.com"])

    /// The most bytes that a file may have, whoever asks: a recording of a day, 1 MB a minute.
    static let largestFile = 2 << 30

    /// Where a redirect leads, or why it is not followed. `ownBase` is the base of all products when it is not Twilio's:
    /// a sandbox, which is trusted with the credential, and may send on to itself.
    func target(of location: String?, from current: String, ownBase: String?) throws(RedirectRefusal) -> Target {
        guard let location, !location.isEmpty else { throw .noTarget }
        guard location.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !location.contains("\\") else { throw .malformed }
        let url = location.hasPrefix("/") && !location.hasPrefix("//") ? Self.origin(of: current) + location : location
        if let ownBase, Self.origin(of: url) == Self.origin(of: ownBase) { return Target(url: url, isOwn: true) }
        guard url.lowercased().hasPrefix("https://") else { throw .notHTTPS }
        let authority = url.dropFirst("https://".count).prefix { !"/?#".contains($0) }.lowercased()
        let host = authority.hasSuffix(":443") ? String(authority.dropLast(4)) : authority
        guard host.utf8.allSatisfy(Self.isHostByte), hosts.contains(where: { Self.covers($0, host) }) else {
            throw .foreignHost
        }
        return Target(url: url, isOwn: false)
    }

    struct Target: Equatable {
        let url: String
        /// Of the sandbox, which may have any address.
        let isOwn: Bool
    }

    private static func covers(_ rule: String, _ host: String) -> Bool {
        rule.hasPrefix(".") ? host.count > rule.count && host.hasSuffix(rule) : host == rule
    }

    /// Letters, digits, hyphens and dots: no port, no user, no IPv6 address.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Scheme, host and port, as they stand there.
    static func origin(of url: String) -> String {
        guard let mark = url.firstRange(of: "://") else { return "" }
        return String(url[..<mark.upperBound] + url[mark.upperBound...].prefix { !"/?#".contains($0) })
    }
}

/// Why a redirect was not followed.
package enum RedirectRefusal: String, Error, Sendable, CaseIterable {
    case noTarget
    case malformed
    case notHTTPS
    /// A host that the policy does not name.
    case foreignHost
    /// A host of the policy, with an address that is not of the public internet.
    case privateAddress
    case tooMany
}
