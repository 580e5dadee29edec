import CSodium
import Glibc

/// Keeps the process's memory off disks and away from debuggers of the same user.
package enum ProcessHardening {
    /// Switches core dumps off, for this process and those that it starts (`RLIMIT_CORE`), and makes the process
    /// undumpable, which also stops other processes of the same user from attaching to it. Call it first of all.
    ///
    /// - Throws: ``VaultError/cannotForbidDumps(errno:)``.
    package static func apply() throws(VaultError) {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard unsafe setrlimit(Int32(RLIMIT_CORE.rawValue), &none) == 0, switchboard_forbid_dumps() == 0 else {
            throw .cannotForbidDumps(errno: errno)
        }
    }

    /// Whether both are in force.
    package static var isApplied: Bool {
        var limit = rlimit()
        return unsafe getrlimit(Int32(RLIMIT_CORE.rawValue), &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0
            && switchboard_may_dump() == 0
    }
}
