import CSodium
import Glibc

/// Pages from the system: fenced on both sides, locked, kept out of core dumps and of forked children.
@safe struct LockedMapping {
    let mapping: UnsafeMutableRawPointer
    let mappingCount: Int
    let base: UnsafeMutableRawPointer
    let capacity: Int

    /// The first of `sizes` (bytes, descending) that can be locked. What the limit would allow is not computed but
    /// tried, since a privileged process has no limit and other locks of this process count against it.
    static func largest(of sizes: [Int]) throws(VaultError) -> LockedMapping {
        let limit = raisedLimit()
        var failure: Int32 = ENOMEM
        var smallest = 0
        for size in sizes {
            let capacity = roundedUp(size)
            smallest = capacity
            switch attempt(capacity) {
            case .success(let locked): return locked
            case .failure(let error): failure = error.code
            }
        }
        throw .cannotLockMemory(bytes: smallest, limit: limit, errno: failure)
    }

    private struct Failure: Error { let code: Int32 }

    private static let page = Int(sysconf(Int32(_SC_PAGESIZE)))

    private static func roundedUp(_ size: Int) -> Int { (size + page - 1) / page * page }

    private static func attempt(_ capacity: Int) -> Result<LockedMapping, Failure> {
        let total = capacity + 2 * page
        guard let mapping = unsafe mmap(nil, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            unsafe mapping != MAP_FAILED
        else { return .failure(Failure(code: errno)) }
        let base = unsafe mapping + page
        // sodium_mlock also asks that the pages stay out of core dumps (MADV_DONTDUMP).
        guard unsafe mprotect(base, capacity, PROT_READ | PROT_WRITE) == 0, unsafe sodium_mlock(base, capacity) == 0
        else {
            let code = errno
            unsafe munmap(mapping, total)
            return .failure(Failure(code: code))
        }
        // A lock does not pass to a forked child, so the child finds zeros. Old kernels lack the advice; no harm then.
        _ = unsafe madvise(base, capacity, MADV_WIPEONFORK)
        return .success(
            unsafe LockedMapping(mapping: mapping, mappingCount: total, base: base, capacity: capacity))
    }

    /// Raises the soft limit to the hard one, which any process may do, and says what it now is: nil is no limit.
    private static func raisedLimit() -> Int? {
        let resource = Int32(__RLIMIT_MEMLOCK.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            _ = unsafe setrlimit(resource, &limit)
            _ = unsafe getrlimit(resource, &limit)
        }
        return limit.rlim_cur > UInt(Int.max) ? nil : Int(limit.rlim_cur)
    }
}
