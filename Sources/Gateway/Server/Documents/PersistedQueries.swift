import Postgres
import Synchronization

/// How much is kept of what clients registered.
package struct PersistedQueryLimits: Sendable, Hashable {
    /// Documents on this node, all organizations together.
    package var documents = 4_096
    /// Their bytes together; a larger document is not kept, and works all the same when it is sent.
    package var bytes = 16 * 1_024 * 1_024

    package init() {}
}

/// The documents that clients registered by their hash (Automatic Persisted Queries). A cache of this node: what is
/// forgotten, or was registered at another node, the client sends once more.
///
/// Each organization has its own documents and finds no other's, so that nobody learns what another registered. When
/// the cache is full, the one who registers gives way while it holds more than an even share, and otherwise the one
/// who holds most does: nobody can push out those who hold less than itself.
package final class PersistedQueries: Sendable {
    private struct Share {
        var documents = RecencyCache<DocumentHash, [UInt8]>()
        var bytes = 0
    }

    private struct State {
        /// `nil` are the keys of the platform, which are of no organization.
        var shares: [OrganizationID?: Share] = [:]
        var documents = 0
        var bytes = 0
    }

    private let state = Mutex(State())
    private let limits: PersistedQueryLimits

    package init(limits: PersistedQueryLimits) {
        self.limits = limits
    }

    func document(_ hash: DocumentHash, of organization: OrganizationID?) -> [UInt8]? {
        state.withLock { $0.shares[organization]?.documents.use(hash) }
    }

    /// - Parameter hash: the document's own, checked by the caller.
    func register(_ document: [UInt8], as hash: DocumentHash, for organization: OrganizationID?) {
        guard document.count <= limits.bytes else { return }
        state.withLock { state in
            guard state.shares[organization]?.documents.use(hash) == nil else { return }
            state.shares[organization, default: Share()].documents.insert(document, for: hash)
            state.shares[organization]?.bytes += document.count
            state.documents += 1
            state.bytes += document.count
            while state.documents > limits.documents || state.bytes > limits.bytes {
                guard
                    evict(
                        from: weight(state.shares[organization]) * Double(state.shares.count) > 1
                            ? organization : largest(state), &state)
                else { return }
            }
        }
    }

    /// What part of the whole a share takes.
    private func weight(_ share: Share?) -> Double {
        guard let share else { return 0 }
        return max(
            Double(share.documents.count) / Double(limits.documents), Double(share.bytes) / Double(limits.bytes))
    }

    private func largest(_ state: State) -> OrganizationID? {
        state.shares.max { weight($0.value) < weight($1.value) }?.key ?? nil
    }

    private func evict(from organization: OrganizationID?, _ state: inout State) -> Bool {
        guard let document = state.shares[organization]?.documents.removeOldest() else { return false }
        state.shares[organization]?.bytes -= document.count
        state.documents -= 1
        state.bytes -= document.count
        if state.shares[organization]?.documents.count == 0 { state.shares[organization] = nil }
        return true
    }
}
