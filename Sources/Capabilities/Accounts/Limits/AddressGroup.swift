/// What one sender can be taken to hold of the addresses that there are: one of IPv4, and 64 bits of IPv6, since whoever
/// has one address there has all of its /64 (RFC 6177). Limits count by it; the audit keeps the whole address.
enum AddressGroup {
    /// - Parameter address: as text, however it is spelled; what is no address is a group of its own.
    static func name(of address: String?) -> String {
        guard let address else { return "" }
        guard address.contains(":"), let groups = parsed(address.prefix { $0 != "%" }) else { return address }
        // An IPv4 address that is written as one of IPv6 (RFC 4291, section 2.5.5.2).
        if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return groups[6...].flatMap { ["\($0 >> 8)", "\($0 & 0xFF)"] }.joined(separator: ".")
        }
        return groups[..<4].map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }

    /// The eight groups of an IPv6 address; `nil` for what is none.
    private static func parsed(_ address: Substring) -> [UInt16]? {
        guard let gap = address.firstRange(of: "::") else {
            let all = list(address)
            return all?.count == 8 ? all : nil
        }
        guard let before = list(address[..<gap.lowerBound]), let after = list(address[gap.upperBound...]),
            before.count + after.count < 8
        else { return nil }
        return before + Array(repeating: 0, count: 8 - before.count - after.count) + after
    }

    private static func list(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            if part.contains(".") {
                let bytes = part.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
                guard bytes.count == 4, let a = bytes[0], let b = bytes[1], let c = bytes[2], let d = bytes[3] else {
                    return nil
                }
                groups += [UInt16(a) << 8 | UInt16(b), UInt16(c) << 8 | UInt16(d)]
            } else {
                guard part.utf8.count <= 4, let group = UInt16(part, radix: 16) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}
