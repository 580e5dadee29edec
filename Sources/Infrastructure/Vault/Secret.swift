import CSodium

/// Bytes that nobody else may see, in locked, guarded memory, overwritten when the value ends.
///
/// It cannot be copied, printed, interpolated, compared by accident or encoded: it conforms to nothing.
/// The one way to its bytes is ``withBytes(_:)``; what a caller copies out of it is the caller's to guard.
@safe package struct Secret: ~Copyable, Sendable {
    /// The longest secret in bytes.
    package static let maximumCount = 8192

    private let block: SecretArena.Block
    private let arena: SecretArena

    /// A secret of `count` bytes, which `fill` writes. What it leaves untouched is zero.
    ///
    /// - Throws: ``VaultError/secretLength(_:)`` unless 1 to ``maximumCount`` bytes,
    ///   ``VaultError/arenaExhausted(requested:capacity:)``, ``VaultError/cannotLockMemory(bytes:limit:errno:)``.
    package init(count: Int, in arena: SecretArena? = nil, fill: (UnsafeMutableRawBufferPointer) -> Void)
        throws(VaultError)
    {
        guard (1...Self.maximumCount).contains(count) else { throw .secretLength(count) }
        let home: SecretArena
        if let arena { home = arena } else { home = try SecretArena.shared() }
        let block = try home.allocate(count)
        self.arena = home
        self.block = block
        unsafe fill(UnsafeMutableRawBufferPointer(start: block.address, count: count))
    }

    /// A copy of `bytes`. The original stays where it is: overwrite it if it is yours.
    package init(copying bytes: UnsafeRawBufferPointer, in arena: SecretArena? = nil) throws(VaultError) {
        unsafe try self.init(count: bytes.count, in: arena) { unsafe $0.copyMemory(from: bytes) }
    }

    /// A copy of `bytes`.
    package init(copying bytes: [UInt8], in arena: SecretArena? = nil) throws(VaultError) {
        unsafe try self.init(count: bytes.count, in: arena) { unsafe $0.copyBytes(from: bytes) }
    }

    /// The UTF-8 bytes of `text`.
    package init(_ text: String, in arena: SecretArena? = nil) throws(VaultError) {
        unsafe try self.init(count: text.utf8.count, in: arena) { unsafe $0.copyBytes(from: text.utf8) }
    }

    /// `count` random bytes.
    package static func random(count: Int, in arena: SecretArena? = nil) throws(VaultError) -> Secret {
        unsafe try Secret(count: count, in: arena, write: { unsafe randombytes_buf($0, count) })
    }

    deinit { arena.release(block) }

    /// Length in bytes, at least 1. Not secret.
    package var count: Int { block.count }

    /// Lends the bytes for the duration of `body`, which must not let the pointer out.
    package borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(UnsafeRawBufferPointer(start: block.address, count: block.count))
    }

    /// Whether both hold the same bytes, in time that depends on the length alone.
    package borrowing func equals(_ other: borrowing Secret) -> Bool {
        guard count == other.count else { return false }
        return unsafe sodium_memcmp(block.address, other.block.address, count) == 0
    }

    /// A second, independent copy in locked memory.
    package borrowing func copy() throws(VaultError) -> Secret {
        let source = unsafe UnsafeRawBufferPointer(start: block.address, count: block.count)
        return unsafe try Secret(copying: source, in: arena)
    }
}

/// The same in the form that C takes: an address that is never nil.
extension Secret {
    init(count: Int, in arena: SecretArena? = nil, write: (UnsafeMutablePointer<UInt8>) -> Void) throws(VaultError) {
        unsafe try self.init(count: count, in: arena) { bytes in
            guard let address = bytes.baseAddress else { return }
            unsafe write(address.assumingMemoryBound(to: UInt8.self))
        }
    }

    borrowing func withAddress<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        unsafe body(UnsafePointer(block.address.assumingMemoryBound(to: UInt8.self)))
    }
}
