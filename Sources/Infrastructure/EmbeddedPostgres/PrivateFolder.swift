import Glibc

/// Folders that only the cluster's user may enter.
enum PrivateFolder {
    /// Why a folder does not serve. `unsuitable` may be answered by going elsewhere, the others may not.
    enum Refusal: Error {
        /// It cannot be made here: the parent is read-only or not ours (`errno`).
        case notWritable(Int32)
        /// Somebody else made it, so what is in it cannot be trusted.
        case ownedByAnother(uid_t)
        /// It is a file or a link, or the file system keeps neither owners nor modes.
        case unsuitable
    }

    /// Makes the folder, or takes one that is already the user's (or ours, from a start that was cut short), with
    /// mode 0700. Links are not followed.
    static func prepare(_ path: String, for user: ClusterUser) throws(Refusal) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .notWritable(errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == EACCES, let owner = owner(of: path) { throw .ownedByAnother(owner) }
            throw .unsuitable
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unsuitable }
        guard status.st_uid == user.userID || status.st_uid == geteuid() else { throw .ownedByAnother(status.st_uid) }
        if status.st_uid != user.userID, fchown(descriptor, user.userID, user.groupID) != 0 { throw .unsuitable }
        guard fchmod(descriptor, 0o700) == 0, fstat(descriptor, &status) == 0, status.st_uid == user.userID,
            status.st_mode & 0o777 == 0o700
        else { throw .unsuitable }
    }

    /// Whether the user can reach the folder and write in it; asked of the system, by doing it, as that user.
    static func serves(_ path: String, for user: ClusterUser) async -> Bool {
        let script = #"cd "$1" && : >"probe.$$" && rm "probe.$$""#
        return await Tool.run("/bin/sh", ["-c", script, "probe", path], as: user).status == 0
    }

    /// Makes a directory that is meant for others too, and its missing ancestors.
    static func makeDirectory(_ path: String, mode: mode_t) -> Int32 {
        if mkdir(path, mode) == 0 || errno == EEXIST { return 0 }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return errno }
        let failure = makeDirectory(String(path[..<slash]), mode: 0o755)
        guard failure == 0 else { return failure }
        return mkdir(path, mode) == 0 || errno == EEXIST ? 0 : errno
    }

    private static func owner(of path: String) -> uid_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_uid : nil
    }
}
