/// The networks whose `X-Forwarded-For` is believed. Anybody else's is a claim of the caller about itself.
package struct TrustedProxies: Sendable {
    private let networks: [AddressRange]

    /// Nobody is believed.
    package init() {
        networks = []
    }

    /// - Parameter ranges: addresses and CIDR ranges, `10.0.0.0/8` or `::1`.
    /// - Throws: `ServerError.badProxyRange`, naming the one that is none.
    package init(_ ranges: [String]) throws(ServerError) {
        var networks: [AddressRange] = []
        for range in ranges {
            guard let network = AddressRange(range) else { throw .badProxyRange(range) }
            networks.append(network)
        }
        self.networks = networks
    }

    /// The address that a request came from.
    ///
    /// From the peer backwards through `X-Forwarded-For`, as long as the one who speaks is trusted: what an untrusted
    /// one wrote stands further left and is never reached.
    /// - Parameters:
    ///   - peer: the other end of the socket, without its port.
    ///   - forwardedFor: the values of all `X-Forwarded-For` lines, in order.
    func clientAddress(peer: String, forwardedFor: [String]) -> String {
        if forwardedFor.isEmpty { return peer }
        var address = peer
        let hops = forwardedFor.joined(separator: ",").split(separator: ",")
            .map { hop in hop.filter { $0 != " " && $0 != "\t" } }
        for hop in hops.reversed() {
            guard let parsed = AddressRange.bytes(of: address), networks.contains(where: { $0.contains(parsed) }) else {
                return address
            }
            guard AddressRange.bytes(of: hop) != nil else { return address }
            address = hop
        }
        return address
    }
}

/// An IPv4 or IPv6 network: its leading bits.
struct AddressRange: Sendable, Hashable {
    let prefix: [UInt8]
    let bits: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, let bytes = Self.bytes(of: first), parts.count <= 2 else { return nil }
        if parts.count == 2 {
            guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return nil }
            self.bits = bits
        } else {
            bits = bytes.count * 8
        }
        prefix = bytes
    }

    /// IPv4 addresses written as IPv6 (`::ffff:10.0.0.1`) count as IPv4.
    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == prefix.count else { return false }
        for index in address.indices {
            let left = min(max(bits - index * 8, 0), 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> left)
            if (address[index] ^ prefix[index]) & mask != 0 { return false }
        }
        return true
    }

    /// Four or sixteen bytes; `nil` where the text is no address.
    static func bytes(of text: String) -> [UInt8]? {
        if !text.contains(":") { return bytes(ofIPv4: text) }
        guard let bytes = bytes(ofIPv6: text) else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    }

    private static func bytes(ofIPv4 text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func bytes(ofIPv6 text: String) -> [UInt8]? {
        let zone = text.split(separator: "%", maxSplits: 1).first.map(String.init) ?? ""
        let halves = zone.components(around: "::")
        guard halves.count <= 2 else { return nil }
        guard let left = groups(halves[0]), let right = halves.count == 2 ? groups(halves[1]) : [] else { return nil }
        let missing = 16 - left.count - right.count
        if halves.count == 1 { return missing == 0 ? left : nil }
        guard missing >= 2 else { return nil }
        return left + Array(repeating: 0, count: missing) + right
    }

    private static func groups(_ text: String) -> [UInt8]? {
        if text.isEmpty { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), index == parts.count - 1, let last = Self.bytes(ofIPv4: String(part)) {
                bytes += last
            } else {
                guard (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16), part.first != "+" else {
                    return nil
                }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

extension String {
    /// The pieces between the occurrences of a separator, without Foundation.
    fileprivate func components(around separator: String) -> [String] {
        var pieces: [String] = []
        var rest = self[...]
        while let found = rest.firstRange(of: separator) {
            pieces.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        pieces.append(String(rest))
        return pieces
    }
}
