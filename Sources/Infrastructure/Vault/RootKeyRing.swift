import Synchronization

/// The root keys that a process holds: the one that wraps, and those that only unwrap while a rotation lasts.
///
/// A record names the root key that wraps it, so during a rotation each is opened by its own. A key that is not held is
/// looked for once more before it is refused: the file of the next key may have come since.
final class RootKeyRing: Sendable {
    typealias Source = @Sendable () throws(VaultError) -> [any RootKeyProvider]

    private struct State {
        var current: any RootKeyProvider
        var held: [String: any RootKeyProvider]
    }

    private let state: Mutex<State>
    private let source: Source

    init(_ current: any RootKeyProvider, also others: [any RootKeyProvider], source: @escaping Source) {
        var held = [current.rootKeyID: current]
        for other in others where held[other.rootKeyID] == nil { held[other.rootKeyID] = other }
        state = Mutex(State(current: current, held: held))
        self.source = source
    }

    /// The one that wraps.
    var current: any RootKeyProvider { state.withLock(\.current) }

    var all: [any RootKeyProvider] { state.withLock { Array($0.held.values) } }

    /// - Throws: ``VaultError/wrongRootKey(expected:given:)`` when no key of this id can be had.
    func provider(_ id: String) throws(VaultError) -> any RootKeyProvider {
        if let held = state.withLock({ $0.held[id] }) { return held }
        // A source that cannot be read just now must not hide which key is asked for.
        let found = (try? source()) ?? []
        let (provider, current) = state.withLock { state in
            for provider in found where state.held[provider.rootKeyID] == nil {
                state.held[provider.rootKeyID] = provider
            }
            return (state.held[id], state.current.rootKeyID)
        }
        guard let provider else { throw .wrongRootKey(expected: id, given: current) }
        return provider
    }

    /// From now on, this one wraps.
    func use(_ id: String) throws(VaultError) {
        let provider = try provider(id)
        state.withLock { $0.current = provider }
    }
}
