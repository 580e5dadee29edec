import CSodium
import Glibc
import Synchronization

/// One run of memory that is locked (never written to swap), kept out of core dumps and of forked children, and
/// fenced by pages that nobody can touch. Secrets are carved from it.
///
/// `sodium_malloc` would do per secret, but it hides a failed `mlock`: here the lock is taken once, at start, and
/// a failure is an error with a remedy. Blocks end in a canary that is checked on release.
///
/// `@unchecked Sendable`: the memory is written only by the holder of a block, and which block is whose is under
/// the mutex.
@safe package final class SecretArena: @unchecked Sendable {
    /// What a secret holds of its arena.
    @safe struct Block: @unchecked Sendable {
        let address: UnsafeMutableRawPointer
        let count: Int
        fileprivate let firstGranule: Int
        fileprivate let granules: Int
    }

    /// Sizes that are tried, largest first. 4 MiB hold about 65,000 secrets, 32 KiB about 500.
    package static let sizes = [4096, 2048, 1024, 512, 256, 128, 64, 48, 32].map { $0 * 1024 }

    private static let granule = 64
    private static let canaryCount = 16
    private static let process = Result<SecretArena, VaultError> { () throws(VaultError) in try SecretArena() }

    /// Usable bytes.
    package let capacity: Int

    private let mapping: UnsafeMutableRawPointer
    private let mappingCount: Int
    private let base: UnsafeMutableRawPointer
    private let canary: UnsafeMutableRawPointer
    private let map: Mutex<GranuleMap>

    /// The process's arena, locked on first use. Call it at start, so that a failure shows then.
    package static func shared() throws(VaultError) -> SecretArena { try process.get() }

    /// An arena of the largest of `sizes` that the system lets us lock.
    ///
    /// - Throws: ``VaultError/cannotLockMemory(bytes:limit:errno:)`` when not even the smallest can be.
    package init(sizes: [Int] = SecretArena.sizes) throws(VaultError) {
        try Sodium.start()
        let locked = try LockedMapping.largest(of: sizes)
        unsafe mapping = locked.mapping
        mappingCount = locked.mappingCount
        unsafe base = locked.base
        capacity = locked.capacity
        map = Mutex(GranuleMap(granules: locked.capacity / Self.granule))
        // The canary's value is as secret as what it guards: it lives in the first granule.
        _ = map.withLock { $0.take(1) }
        unsafe canary = locked.base
        unsafe randombytes_buf(locked.base, Self.canaryCount)
    }

    deinit {
        unsafe sodium_munlock(base, capacity)
        unsafe munmap(mapping, mappingCount)
    }

    func allocate(_ count: Int) throws(VaultError) -> Block {
        let granules = (count + Self.canaryCount + Self.granule - 1) / Self.granule
        guard let first = map.withLock({ $0.take(granules) }) else {
            throw .arenaExhausted(requested: count, capacity: capacity)
        }
        let address = unsafe base + first * Self.granule
        unsafe (address + count).copyMemory(from: canary, byteCount: Self.canaryCount)
        return unsafe Block(address: address, count: count, firstGranule: first, granules: granules)
    }

    func release(_ block: Block) {
        let intact = unsafe sodium_memcmp(block.address + block.count, canary, Self.canaryCount) == 0
        unsafe sodium_memzero(block.address, block.granules * Self.granule)
        // As sodium_free does: whoever wrote past the end of a secret has broken the process.
        precondition(intact, "a secret was written past its end")
        map.withLock { $0.give(block.firstGranule, block.granules) }
    }
}

extension SecretArena {
    /// What can be said of the arena without saying what is in it.
    package struct Census: Equatable, Sendable {
        /// Bytes that are handed out, rounded up to granules.
        package let takenBytes: Int
        /// Bytes that are free and not zero. Anything but 0 is a leak.
        package let residue: Int

        package init(takenBytes: Int, residue: Int) {
            self.takenBytes = takenBytes
            self.residue = residue
        }
    }

    /// Counts under the lock: for tests and `doctor`, not for a request's path.
    package func census() -> Census {
        map.withLock { map in
            var residue = 0
            for granule in 0..<(capacity / Self.granule) where !map.isTaken(granule) {
                let bytes = unsafe UnsafeRawBufferPointer(start: base + granule * Self.granule, count: Self.granule)
                for offset in 0..<Self.granule where unsafe bytes[offset] != 0 { residue += 1 }
            }
            // Less the canary's granule, which is no secret's.
            return Census(takenBytes: (map.taken - 1) * Self.granule, residue: residue)
        }
    }
}
