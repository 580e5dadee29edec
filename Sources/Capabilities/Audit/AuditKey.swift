import Foundation
import Vault

/// Authenticates rows of the log and the links of its chain.
struct AuditKey: Sendable {
    /// The link before the first.
    static let beginning = [UInt8](repeating: 0, count: KeyedHash.count)

    private let hash: KeyedHash

    init(_ key: PlatformKey) {
        hash = KeyedHash(key: key)
    }

    var id: UUID { hash.keyID }

    func mac(of record: AuditRecord) -> [UInt8] { hash.digest(of: record.authenticated) }

    /// The link that binds an event, by its MAC, to everything that was sealed before it.
    func link(after previous: [UInt8], position: Int64, organization: UUID, event: UUID, mac: [UInt8]) -> [UInt8] {
        var bytes = AuthenticatedBytes("switchboard audit-link v1")
        bytes.append(organization)
        bytes.append(position)
        bytes.append(previous)
        bytes.append(event)
        bytes.append(mac)
        return hash.digest(of: bytes.all)
    }
}
