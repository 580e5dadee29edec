import CSodium

/// XChaCha20-Poly1305 (the IETF construction) with a commitment to the key.
///
/// Poly1305 does not bind a ciphertext to one key: whoever knows two keys can make a ciphertext that opens under
/// both, to different texts. So a tag that only one (key, nonce, associated data) yields is stored beside the
/// ciphertext and compared, in constant time, before anything is decrypted.
///
///     box        = nonce (24) ‖ commitment (32) ‖ ciphertext (as long as the plaintext) ‖ Poly1305 tag (16)
///     commitment = BLAKE2b-256, keyed with the key, over the list ("switchboard commitment v1", nonce,
///                  associated data), each part behind its length as in ``AssociatedData``
enum CommittingCipher {
    static let keyCount = Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
    static let nonceCount = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    static let commitmentCount = 32
    static let tagCount = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)

    /// By how much a box is longer than what is in it.
    static let overhead = nonceCount + commitmentCount + tagCount

    /// A box under a fresh random nonce.
    static func seal(_ secret: borrowing Secret, _ associatedData: AssociatedData, under key: borrowing Secret)
        throws(VaultError) -> [UInt8]
    {
        try Sodium.start()
        guard key.count == keyCount else { throw .keyLength(key.count) }
        let nonce = Random.bytes(nonceCount)
        let commitment = commitment(to: key, nonce: nonce, associatedData)
        var ciphertext = [UInt8](repeating: 0, count: secret.count + tagCount)
        let count = secret.count
        unsafe key.withAddress { key in
            unsafe secret.withAddress { plaintext in
                // It fails only for texts beyond 256 GiB.
                _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &ciphertext, nil, plaintext, UInt64(count),
                    associatedData.bytes, UInt64(associatedData.bytes.count), nil, nonce, key)
            }
        }
        return nonce + commitment + ciphertext
    }

    /// What `box` holds.
    ///
    /// - Throws: ``VaultError/malformedRecord`` for a box too short to hold anything, ``VaultError/refused`` for
    ///   another key, other associated data, or a changed box.
    static func open(_ box: ArraySlice<UInt8>, _ associatedData: AssociatedData, under key: borrowing Secret)
        throws(VaultError) -> Secret
    {
        try Sodium.start()
        guard key.count == keyCount else { throw .keyLength(key.count) }
        guard box.count > overhead else { throw .malformedRecord }
        let nonce = [UInt8](box.prefix(nonceCount))
        let stored = [UInt8](box.dropFirst(nonceCount).prefix(commitmentCount))
        let ciphertext = [UInt8](box.dropFirst(nonceCount + commitmentCount))
        let expected = commitment(to: key, nonce: nonce, associatedData)
        guard unsafe sodium_memcmp(stored, expected, commitmentCount) == 0 else { throw .refused }

        var opened = false
        let secret = unsafe try Secret(
            count: ciphertext.count - tagCount,
            write: { plaintext in
                unsafe key.withAddress { key in
                    opened =
                        unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                            plaintext, nil, nil, ciphertext, UInt64(ciphertext.count),
                            associatedData.bytes, UInt64(associatedData.bytes.count), nonce, key) == 0
                }
            })
        guard opened else { throw .refused }
        return secret
    }

    private static func commitment(to key: borrowing Secret, nonce: [UInt8], _ associatedData: AssociatedData)
        -> [UInt8]
    {
        var message = AssociatedData("switchboard commitment v1")
        message.append(nonce)
        message.append(associatedData.bytes)
        return BLAKE2b.hash(message.bytes, count: commitmentCount, key: key)
    }
}
