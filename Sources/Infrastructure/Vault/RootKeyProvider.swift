/// What can wrap a key under the root key: the key itself, held in memory, or whoever holds it for us.
///
/// A provider never hands out the root key. It binds `associatedData` to what it wraps, and refuses to unwrap under
/// any other.
package protocol RootKeyProvider: Sendable {
    /// Names the root key, in ASCII.
    var rootKeyID: String { get }

    /// Whether it asks another process, which takes its time: keep such calls off the cooperative pool.
    var mayBlock: Bool { get }

    func wrap(_ key: borrowing Secret, associatedData: [UInt8]) throws(VaultError) -> [UInt8]

    /// - Throws: ``VaultError/refused`` when the bytes were not wrapped by this root key with this associated data.
    func unwrap(_ wrapped: [UInt8], associatedData: [UInt8]) throws(VaultError) -> Secret
}

/// The root key held in this process's locked memory.
package final class LocalRootKey: RootKeyProvider {
    private let root: RootKey

    package init(_ root: consuming RootKey) {
        self.root = root
    }

    package var rootKeyID: String { root.id }
    package var mayBlock: Bool { false }

    package func wrap(_ key: borrowing Secret, associatedData: [UInt8]) throws(VaultError) -> [UInt8] {
        try root.withKey { (root: borrowing Secret) throws(VaultError) -> [UInt8] in
            try CommittingCipher.seal(key, AssociatedData(encoded: associatedData), under: root)
        }
    }

    package func unwrap(_ wrapped: [UInt8], associatedData: [UInt8]) throws(VaultError) -> Secret {
        try root.withKey { (root: borrowing Secret) throws(VaultError) -> Secret in
            try CommittingCipher.open(wrapped[...], AssociatedData(encoded: associatedData), under: root)
        }
    }
}
