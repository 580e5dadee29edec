import FoundationEssentials
import Glibc
import Synchronization

/// The directory of one installation, held by one process at a time.
final class StateDirectory: Sendable {
    /// Absolute, without links.
    let path: String
    /// The locked descriptor, until it is given up.
    private let lock: Mutex<Int32?>

    private init(path: String, lock: Int32) {
        self.path = path
        self.lock = Mutex(lock)
    }

    /// Makes the directory if it is missing and locks it until it is released, or the process ends.
    static func hold(_ wanted: String) throws(ClusterError) -> StateDirectory {
        guard wanted.hasPrefix("/") else {
            throw ClusterError(.directory, "The state directory \(wanted) must be given as an absolute path.")
        }
        // Started by root, the cluster's user must be able to pass through; what is in it has modes of its own.
        let failure = PrivateFolder.makeDirectory(wanted, mode: geteuid() == 0 ? 0o711 : 0o700)
        guard failure == 0, let path = resolve(wanted) else {
            throw notWritable(wanted, failure == 0 ? errno : failure)
        }
        let lock = open("\(path)/postgres.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw notWritable(path, errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(lock)
            guard reason == EWOULDBLOCK else { throw notWritable(path, reason) }
            throw ClusterError(
                .inUse,
                "The state directory \(path) is in use by another start: stop that one, or choose another --state-dir.")
        }
        return StateDirectory(path: path, lock: lock)
    }

    deinit { release() }

    /// Lets another start have it. Does nothing the second time.
    func release() {
        lock.withLock { descriptor in
            if let descriptor {
                // Closing would not do: a child that is just being spawned has the descriptor too, for a moment.
                flock(descriptor, LOCK_UN)
                close(descriptor)
            }
            descriptor = nil
        }
    }

    /// A random mark that the directory keeps, made when it is missing.
    static func mark(in path: String) throws(ClusterError) -> String {
        let file = "\(path)/postgres.mark"
        if let mark = try? String(contentsOfFile: file, encoding: .utf8), !mark.isEmpty { return mark }
        let mark = UUID().uuidString
        do {
            try Data(mark.utf8).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw ClusterError(.directory, "The state directory \(path) is not writable: choose another --state-dir.")
        }
        return mark
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func notWritable(_ path: String, _ reason: Int32) -> ClusterError {
        ClusterError(
            .directory,
            "The state directory \(path) cannot be written (\(String(cString: strerror(reason)))): "
                + "correct that, or choose another --state-dir.")
    }
}
