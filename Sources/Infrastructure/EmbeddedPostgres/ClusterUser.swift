import Glibc

/// The operating-system users of a cluster: who starts it, and who it runs as. PostgreSQL refuses to run as root.
package struct ClusterUser: Sendable, Hashable {
    /// The name of the user that the server processes run as.
    package let name: String
    let userID: uid_t
    let groupID: gid_t
    /// The name of the user who started us: the same one, or `root`.
    let starter: String

    /// Whether server processes must be started as somebody else than ourselves.
    var isAnother: Bool { userID != geteuid() }

    /// Us, or the user `postgres` that Debian's package makes when we are root.
    package static func current() throws(ClusterError) -> ClusterUser {
        let effective = geteuid()
        guard let us = lookUp({ getpwuid_r(effective, $0, $1, $2, $3) }) else {
            throw ClusterError(
                .server,
                "PostgreSQL needs a user with a name, and user \(effective) has none: add one to /etc/passwd.")
        }
        guard effective == 0 else {
            return ClusterUser(name: us.name, userID: us.userID, groupID: us.groupID, starter: us.name)
        }
        guard let server = lookUp({ getpwnam_r("postgres", $0, $1, $2, $3) }), server.userID != 0 else {
            throw ClusterError(
                .binariesMissing,
                "PostgreSQL does not run as root, and there is no user postgres for it: "
                    + "run `\(ServerBinaries.installCommand)`, which makes one.")
        }
        return ClusterUser(name: server.name, userID: server.userID, groupID: server.groupID, starter: us.name)
    }

    private typealias Entry = (name: String, userID: uid_t, groupID: gid_t)
    private typealias Query = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private static func lookUp(_ query: Query) -> Entry? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard query(&entry, base, buffer.count, &found) == 0, found != nil else { return nil }
            return (String(cString: entry.pw_name), entry.pw_uid, entry.pw_gid)
        }
    }
}
