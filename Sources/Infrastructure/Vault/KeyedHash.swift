import CSodium
package import FoundationEssentials

/// BLAKE2b-256 keyed with a platform key: the form in which a token that is random enough (an API key, a refresh
/// token) is stored and looked up. Without the key, a stolen table tells nothing of the tokens.
///
/// Not for passwords, which are guessable: they need Argon2id.
package struct KeyedHash: Sendable {
    /// Bytes in a digest.
    package static let count = 32

    private let key: PlatformKey

    package init(key: PlatformKey) {
        self.key = key
    }

    /// The id of the key, to be stored beside digests if keys are ever to change.
    package var keyID: UUID { key.id }

    /// The digest of the UTF-8 bytes of `text`.
    package func digest(of text: String) -> [UInt8] { digest(of: [UInt8](text.utf8)) }

    package func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest: [UInt8] = []
        unsafe bytes.withUnsafeBytes { digest = unsafe key.hash($0) }
        return digest
    }

    package func digest(of secret: borrowing Secret) -> [UInt8] {
        unsafe secret.withBytes { unsafe key.hash($0) }
    }

    /// Whether `digest` is that of `text`, in time that does not depend on where they differ.
    package func matches(_ text: String, digest: [UInt8]) -> Bool {
        let expected = self.digest(of: text)
        guard digest.count == Self.count else { return false }
        return unsafe sodium_memcmp(digest, expected, Self.count) == 0
    }
}
