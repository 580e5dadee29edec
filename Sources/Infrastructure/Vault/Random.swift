import CSodium

/// Random bytes fit for keys, from the system through libsodium.
package enum Random {
    /// `count` random bytes. Not for secrets that must stay in locked memory: those are ``Secret/random(count:in:)``.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }
}
