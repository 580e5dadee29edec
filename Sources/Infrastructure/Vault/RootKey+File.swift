import Glibc

extension RootKey {
    /// The root key in the file at `path`.
    ///
    /// - Parameter create: when there is no file, make one with a new key. Two processes that do so at once end with
    ///   the same key.
    /// - Throws: ``VaultError/rootKeyFile(path:problem:)``, which names the file and the remedy, for a file that is
    ///   absent, wider than mode 0600, owned by another user than the process's, or damaged.
    package static func load(path: String, create: Bool = false) throws(VaultError) -> RootKey {
        do {
            return try read(path)
        } catch .rootKeyFile(_, .absent) where create {
            try makeFile(path)
            return try read(path)
        }
    }

    /// The root key from a descriptor that the process inherited, which is read to its end and closed.
    /// What may read it was decided by whoever opened it.
    package static func load(descriptor: Int32) throws(VaultError) -> RootKey {
        let file = OpenFile(descriptor: descriptor, path: "descriptor \(descriptor)")
        return try RootKeyText.parse(file.contents(), path: file.path)
    }

    /// Where the key that is to follow lies: beside the one in force.
    package static func nextPath(of path: String) -> String { path + ".next" }

    /// Makes the key that is to follow the one at `path`, unless it is there already.
    package static func makeNext(path: String) throws(VaultError) -> RootKey {
        try load(path: nextPath(of: path), create: true)
    }

    /// Puts the next key in the place of the one at `path`, which is kept beside as `….previous-ID`. At every moment
    /// there is a whole key at `path`.
    ///
    /// - Returns: where the former key is kept.
    package static func promoteNext(path: String) throws(VaultError) -> String {
        let next = nextPath(of: path)
        _ = try read(next)
        let kept = "\(path).previous-\(try read(path).id)"
        guard unsafe link(path, kept) == 0 || errno == EEXIST else {
            throw .rootKeyFile(path: kept, problem: .inputOutput(operation: "link", errno: errno))
        }
        guard unsafe rename(next, path) == 0 else {
            throw .rootKeyFile(path: next, problem: .inputOutput(operation: "rename", errno: errno))
        }
        try syncFolder(of: path)
        return kept
    }

    private static func read(_ path: String) throws(VaultError) -> RootKey {
        // Without O_NONBLOCK a named pipe in the file's place would block for ever.
        let file = try OpenFile(path, O_RDONLY | O_NONBLOCK)
        var status = stat()
        guard unsafe fstat(file.descriptor, &status) == 0 else { throw file.failure("fstat") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .rootKeyFile(path: path, problem: .notARegularFile) }
        guard status.st_uid == geteuid() else {
            throw .rootKeyFile(path: path, problem: .foreignOwner(owner: status.st_uid, process: geteuid()))
        }
        guard status.st_mode & 0o7177 == 0 else {
            throw .rootKeyFile(path: path, problem: .tooOpen(mode: status.st_mode & 0o7777))
        }
        return try RootKeyText.parse(file.contents(), path: path)
    }

    /// Writes a new key beside `path` and links it into place, so that at no moment, not even after a crash, is there
    /// half a key at `path`, and so that a file already there is never replaced.
    private static func makeFile(_ path: String) throws(VaultError) {
        let text = try RootKeyText.render(generate())
        let draft = path + ".new-" + Hexadecimal.text(Random.bytes(8))
        let file = try OpenFile(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600, describedAs: path)
        defer { _ = unsafe unlink(draft) }
        // The umask may have taken the owner's own rights.
        guard fchmod(file.descriptor, 0o600) == 0 else { throw file.failure("fchmod") }
        try file.write(text)
        guard fsync(file.descriptor) == 0 else { throw file.failure("fsync") }
        // EEXIST: another process was first, and its key is the key.
        guard unsafe link(draft, path) == 0 || errno == EEXIST else { throw file.failure("link") }
        try syncFolder(of: path)
    }

    private static func syncFolder(of path: String) throws(VaultError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = try OpenFile(folder, O_RDONLY | O_DIRECTORY, describedAs: path)
        guard fsync(directory.descriptor) == 0 else { throw directory.failure("fsync of its folder") }
    }
}

/// A file descriptor that is closed when the value ends. `path` is what errors name.
private struct OpenFile: ~Copyable {
    let descriptor: Int32
    let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    init(_ path: String, _ flags: Int32, mode: mode_t = 0, describedAs name: String? = nil) throws(VaultError) {
        let name = name ?? path
        let descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            let code = errno
            throw .rootKeyFile(
                path: name,
                problem: code == ENOENT && flags & O_CREAT == 0 ? .absent : .inputOutput(operation: "open", errno: code)
            )
        }
        self.init(descriptor: descriptor, path: name)
    }

    deinit { close(descriptor) }

    func failure(_ operation: String) -> VaultError {
        .rootKeyFile(path: path, problem: .inputOutput(operation: operation, errno: errno))
    }

    /// Everything up to the end, in locked memory throughout. More than a root key's text is damaged.
    func contents() throws(VaultError) -> Secret {
        // One byte more than is due, so that a longer file shows.
        let room = RootKeyText.count + 1
        var total = 0
        var code: Int32 = 0
        let buffer = unsafe try Secret(
            count: room,
            write: { buffer in
                while total < room {
                    let got = unsafe Glibc.read(descriptor, buffer + total, room - total)
                    if got < 0, errno == EINTR { continue }
                    if got < 0 { code = errno }
                    if got <= 0 { break }
                    total += got
                }
            })
        guard code == 0 else { throw .rootKeyFile(path: path, problem: .inputOutput(operation: "read", errno: code)) }
        guard total > 0 else { throw .rootKeyFile(path: path, problem: .damaged) }
        let length = total
        return unsafe try Secret(
            count: length,
            write: { text in
                unsafe buffer.withAddress { unsafe text.update(from: $0, count: length) }
            })
    }

    func write(_ text: borrowing Secret) throws(VaultError) {
        let count = text.count
        let written = unsafe text.withAddress { bytes -> Int in
            var total = 0
            while total < count {
                let put = unsafe Glibc.write(descriptor, bytes + total, count - total)
                if put < 0, errno == EINTR { continue }
                if put <= 0 { break }
                total += put
            }
            return total
        }
        guard written == count else { throw failure("write") }
    }
}
