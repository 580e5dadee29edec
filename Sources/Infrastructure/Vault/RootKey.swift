import CSodium

/// The key that wraps all others. It lives outside the database, in a file that only its owner reads.
package struct RootKey: ~Copyable, Sendable {
    /// Names the key in records, files and errors: 16 hexadecimal characters, the first 8 bytes of
    /// BLAKE2b-128, keyed with the key, over ("switchboard root-key-id v1") behind its length. Public: it tells
    /// nothing of the key.
    package let id: String

    private let key: Secret

    /// - Throws: ``VaultError/keyLength(_:)`` unless 32 bytes.
    package init(_ key: consuming Secret) throws(VaultError) {
        guard key.count == CommittingCipher.keyCount else { throw .keyLength(key.count) }
        id = Hexadecimal.text(
            BLAKE2b.hash(AssociatedData("switchboard root-key-id v1").bytes, count: 16, key: key).prefix(8))
        self.key = key
    }

    /// A new random key.
    package static func generate() throws(VaultError) -> RootKey {
        try RootKey(Secret.random(count: CommittingCipher.keyCount))
    }

    borrowing func withKey<Result: ~Copyable>(_ body: (borrowing Secret) throws(VaultError) -> Result)
        throws(VaultError) -> Result
    {
        try body(key)
    }
}
