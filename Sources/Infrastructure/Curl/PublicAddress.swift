import CCurl
import Glibc

/// Whether an address belongs to the public internet, by the special-purpose registries of IANA (RFC 6890 and its
/// successors): not our own machine, our own network, a cloud's metadata service, or a group of hosts.
package enum PublicAddress {
    static func isPublic(_ address: UnsafePointer<curl_sockaddr>) -> Bool {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return false }
        let start = unsafe UnsafeRawPointer(address) + offset
        switch unsafe address.pointee.family {
        case AF_INET:
            return unsafe isPublic(v4: bytes(of: start.loadUnaligned(as: sockaddr_in.self).sin_addr))
        case AF_INET6:
            return unsafe isPublic(v6: bytes(of: start.loadUnaligned(as: sockaddr_in6.self).sin6_addr))
        default:
            return false
        }
    }

    private static func bytes<Value>(of value: Value) -> [UInt8] {
        unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
    }

    /// A block: its first bytes, and how many bits of them count.
    private struct Block {
        let prefix: [UInt8]
        let bits: Int

        init(_ prefix: [UInt8], _ bits: Int) {
            (self.prefix, self.bits) = (prefix, bits)
        }

        func holds(_ address: [UInt8]) -> Bool {
            for bit in 0..<bits where (prefix[bit / 8] ^ address[bit / 8]) & (0x80 >> UInt8(bit % 8)) != 0 {
                return false
            }
            return true
        }
    }

    /// Four bytes.
    package static func isPublic(v4 address: [UInt8]) -> Bool {
        address.count == 4 && !special4.contains { $0.holds(address) }
    }

    private static let special4 = [
        Block([0], 8),  // this network
        Block([10], 8), Block([172, 16], 12), Block([192, 168], 16),  // private (RFC 1918)
        Block([100, 64], 10),  // behind a carrier's translation (RFC 6598)
        Block([127], 8),  // this machine
        Block([169, 254], 16),  // this link; metadata services of clouds
        Block([192, 0, 0], 24), Block([192, 88, 99], 24),  // protocols, old relays
        Block([192, 0, 2], 24), Block([198, 51, 100], 24), Block([203, 0, 113], 24),  // documentation
        Block([198, 18], 15),  // benchmarks
        Block([224], 4), Block([240], 4),  // groups; reserved, and everybody
    ]

    /// Sixteen bytes. Only global unicast (2000::/3) can be public, which leaves out `::1`, `fc00::/7`, `fe80::/10`, and
    /// what holds an IPv4 address: `::ffff:0:0/96`, `64:ff9b::/96`.
    package static func isPublic(v6 address: [UInt8]) -> Bool {
        address.count == 16 && Block([0x20], 3).holds(address) && !special6.contains { $0.holds(address) }
    }

    private static let special6 = [
        Block([0x20, 0x01, 0x00], 23),  // protocols, Teredo among them
        Block([0x20, 0x01, 0x0D, 0xB8], 32), Block([0x3F, 0xFF, 0x00], 20),  // documentation
        Block([0x20, 0x02], 16),  // 6to4, which holds an IPv4 address
    ]
}
