import CSodium
package import FoundationEssentials

/// An Ed25519 key pair (RFC 8032) whose seed is a platform key: what it signs can be checked by whoever has the public
/// key, outside of this installation too.
package final class SigningKey: Sendable {
    package static let signatureCount = 64
    package static let publicKeyCount = 32

    /// The platform key's id.
    package let id: UUID
    package let publicKey: [UInt8]
    /// 64 bytes: libsodium's form, seed ‖ public key.
    private let secretKey: Secret

    package init(seed: PlatformKey) throws(VaultError) {
        id = seed.id
        var publicKey = [UInt8](repeating: 0, count: Self.publicKeyCount)
        secretKey = unsafe try Secret(
            count: Int(crypto_sign_SECRETKEYBYTES),
            write: { secret in
                unsafe seed.withAddress { seed in _ = unsafe crypto_sign_seed_keypair(&publicKey, secret, seed) }
            })
        self.publicKey = publicKey
    }

    /// 64 bytes.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Self.signatureCount)
        unsafe secretKey.withAddress { secret in
            _ = unsafe crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
        }
        return signature
    }

    /// Whether `signature` is that of `message` by the holder of `publicKey`. Never by another form of the same bytes:
    /// libsodium refuses signatures that are not canonical.
    package static func verify(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureCount, publicKey.count == publicKeyCount else { return false }
        return unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
    }
}
