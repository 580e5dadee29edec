import Foundation
import Postgres

/// Leases that are still good, as plain state. `generation` moves on whenever leases are forgotten, so that one whose
/// opening began before a revocation is not remembered after it.
struct LeaseMemory {
    struct Key: Hashable {
        let organization: OrganizationID
        let credential: UUID
        let purpose: LeasePurpose
    }

    private(set) var generation = 0
    private var entries: [Key: (lease: TwilioLease, until: ContinuousClock.Instant)] = [:]
    private var isTrusted = false

    /// How long a lease is shared before it is opened, and audited, anew.
    static let lifetime: Duration = .seconds(300)
    /// Each holds a secret in locked memory, of which there is little.
    static let capacity = 1_000

    func lease(for key: Key) -> TwilioLease? {
        guard let entry = entries[key], entry.until > .now else { return nil }
        return entry.lease
    }

    mutating func remember(_ lease: TwilioLease, for key: Key, asOf generation: Int) {
        guard isTrusted, generation == self.generation else { return }
        if entries.count >= Self.capacity {
            entries = entries.filter { $0.value.until > .now }
            if entries.count >= Self.capacity { entries.removeAll() }
        }
        entries[key] = (lease, .now + Self.lifetime)
    }

    mutating func forget() {
        entries.removeAll()
        generation += 1
    }

    mutating func trust(_ trusted: Bool) {
        isTrusted = trusted
        forget()
    }
}
