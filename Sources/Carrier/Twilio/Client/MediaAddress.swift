import Curl
import Glibc

/// Where somebody else keeps a file that goes out with a message. Twilio fetches it from there, and we ask there how large
/// it is, so it names a host of the public internet over HTTPS, and nobody's password. The one exception is the base of a
/// sandbox, which may keep files itself.
package struct MediaAddress: Sendable, Hashable {
    package enum Problem: Error, Sendable, Hashable, CaseIterable {
        /// More characters than ``longest``.
        case tooLong
        /// No absolute URL in percent-encoded ASCII, or no name of a host.
        case malformed
        case notHTTPS
        /// A user or a password before the host.
        case namesUser
        /// The name or the address of something that is not of the public internet.
        case notPublic
    }

    /// Characters.
    package static let longest = 2_048

    package let url: String
    /// Of the sandbox, which may have any address.
    let isOwn: Bool

    /// - Parameter ownBase: the base of all products when it is not Twilio's.
    init(_ text: String, ownBase: String?) throws(Problem) {
        guard text.utf8.count <= Self.longest else { throw .tooLong }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("\\"),
            let mark = text.firstRange(of: "://")
        else { throw .malformed }
        let authority = text[mark.upperBound...].prefix { !"/?#".contains($0) }
        guard !authority.isEmpty else { throw .malformed }
        guard !authority.contains("@") else { throw .namesUser }
        url = text
        if let ownBase, MediaPolicy.origin(of: text) == MediaPolicy.origin(of: ownBase) {
            isOwn = true
            return
        }
        guard text[..<mark.lowerBound].lowercased() == "https" else { throw .notHTTPS }
        isOwn = false
        guard try Self.isPublic(authority.lowercased()) else { throw .notPublic }
    }

    private init(unchecked url: String) {
        (self.url, isOwn) = (url, false)
    }

    /// An address that nobody has looked at. Only for tests of the guard that comes after this one.
    package static func dangerouslyUnchecked(_ url: String) -> MediaAddress { MediaAddress(unchecked: url) }

    /// Where a redirect leads; only the sandbox leads to itself.
    func redirected(to location: String, ownBase: String?) throws(Problem) -> MediaAddress {
        let isPath = location.hasPrefix("/") && !location.hasPrefix("//")
        return try MediaAddress(
            isPath ? MediaPolicy.origin(of: url) + location : location, ownBase: isOwn ? ownBase : nil)
    }

    // MARK: The host

    private static func isPublic(_ authority: String) throws(Problem) -> Bool {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .malformed }
            try checkPort(authority[authority.index(after: end)...])
            guard let address = bytes(authority.dropFirst().prefix { $0 != "]" }, AF_INET6, 16) else {
                throw .malformed
            }
            return PublicAddress.isPublic(v6: address)
        }
        let host = authority.prefix { $0 != ":" }
        try checkPort(authority[host.endIndex...])
        let name = host.hasSuffix(".") ? host.dropLast() : host
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }),
            name.utf8.allSatisfy(isHostByte), let last = labels.last
        else { throw .malformed }
        // Whatever ends in a number is an address to those who fetch: one that is spelled otherwise than usual is none.
        if last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || last.hasPrefix("0x") {
            guard let address = bytes(name, AF_INET, 4) else { throw .malformed }
            return PublicAddress.isPublic(v4: address)
        }
        return labels.count > 1 && !privateDomains.contains(String(last)) && !name.hasSuffix(".home.arpa")
    }

    /// Domains that stand for a machine itself or a network of its own (RFC 6761, RFC 6762, and what is usual).
    private static let privateDomains: Set<String> = [
        "localhost", "localdomain", "local", "internal", "intranet", "private", "lan", "home", "corp",
    ]

    private static func checkPort(_ text: Substring) throws(Problem) {
        guard !text.isEmpty else { return }
        guard text.hasPrefix(":"), let port = Int(text.dropFirst()), (1...65_535).contains(port),
            text.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw .malformed }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The address that a text spells in the usual way, in the order of the network.
    private static func bytes(_ text: Substring, _ family: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, String(text), &bytes) == 1 ? bytes : nil
    }
}

extension TwilioEndpoints {
    /// The address of a file to send.
    package func mediaAddress(_ text: String) throws(MediaAddress.Problem) -> MediaAddress {
        try MediaAddress(text, ownBase: ownBase)
    }
}
