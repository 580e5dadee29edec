import CSodium

/// BLAKE2b as a keyed hash (RFC 7693).
enum BLAKE2b {
    /// `count` bytes (16 to 64) that only a holder of `key` (16 to 64 bytes) can compute.
    static func hash(_ message: UnsafeRawBufferPointer, count: Int, key: borrowing Secret) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: count)
        let keyCount = key.count
        let code = unsafe key.withAddress { key in
            unsafe crypto_generichash(
                &digest, count, message.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(message.count),
                key, keyCount)
        }
        precondition(code == 0, "BLAKE2b was asked for lengths that it does not have")
        return digest
    }

    static func hash(_ message: [UInt8], count: Int, key: borrowing Secret) -> [UInt8] {
        var digest: [UInt8] = []
        unsafe message.withUnsafeBytes { digest = unsafe hash($0, count: count, key: key) }
        return digest
    }
}
