import Glibc

/// The program behind a ``CommandRootKey``: one process, one socket, one question at a time.
struct RootKeyChild: ~Copyable, Sendable {
    /// More is no answer about a key.
    private static let maximumAnswer = 4096

    private let words: [String]
    private var process: pid_t = 0
    private var socket: Int32 = -1

    /// Nothing is started yet.
    init(_ words: [String]) {
        self.words = words
    }

    deinit { Self.end(process, socket) }

    private var program: String { words.first ?? "" }

    /// The answer's field. A program that has ended since the last question is started anew, once.
    ///
    /// - Throws: ``VaultError/refused``, ``VaultError/rootKeyCommand(_:)``.
    mutating func ask(_ frame: borrowing Secret) throws(VaultError) -> Secret {
        let isFresh = socket < 0
        if isFresh { try start() }
        if !send(frame) {
            stop()
            guard !isFresh else { throw .rootKeyCommand(.noAnswer(program: program)) }
            try start()
            guard send(frame) else {
                stop()
                throw .rootKeyCommand(.noAnswer(program: program))
            }
        }
        do {
            return try answer()
        } catch .refused {
            throw .refused
        } catch {
            // What comes next on this socket may belong to this question.
            stop()
            throw error
        }
    }

    // MARK: Frames

    /// A frame in locked memory.
    static func frame(_ what: UInt8, _ fields: [[UInt8]], secret: SharedSecret? = nil) throws(VaultError) -> Secret {
        let count = 1 + fields.reduce(0) { $0 + 4 + $1.count } + (secret.map { 4 + $0.count } ?? 0)
        return unsafe try Secret(
            count: 4 + count,
            write: { target in
                var place = 0
                func put(_ bytes: [UInt8]) {
                    for byte in bytes {
                        unsafe target[place] = byte
                        place += 1
                    }
                }
                put(length(count))
                put([what])
                for field in fields {
                    put(length(field.count))
                    put(field)
                }
                guard let secret else { return }
                put(length(secret.count))
                unsafe secret.withBytes { bytes in
                    unsafe (target + place).update(
                        from: bytes.assumingMemoryBound(to: UInt8.self).baseAddress ?? UnsafePointer(target),
                        count: bytes.count)
                }
            })
    }

    private static func length(_ count: Int) -> [UInt8] {
        unsafe withUnsafeBytes(of: UInt32(count).bigEndian) { unsafe [UInt8]($0) }
    }

    private func send(_ frame: borrowing Secret) -> Bool {
        let count = frame.count
        let socket = socket
        return unsafe frame.withAddress { bytes in
            var sent = 0
            while sent < count {
                let put = unsafe Glibc.send(socket, bytes + sent, count - sent, Int32(MSG_NOSIGNAL))
                if put < 0, errno == EINTR { continue }
                if put <= 0 { return false }
                sent += put
            }
            return true
        }
    }

    private func answer() throws(VaultError) -> Secret {
        let malformed = VaultError.rootKeyCommand(.malformedAnswer(program: program))
        let head = try receive(9)
        let (count, status, field) = unsafe head.withBytes { bytes in
            let head = unsafe [UInt8](bytes)
            let number = { (from: Int) in head[from..<from + 4].reduce(0) { $0 << 8 | Int($1) } }
            return (number(0), head[4], number(5))
        }
        guard count == field + 5, field <= Self.maximumAnswer else { throw malformed }
        if status == 1 {
            if field > 0 { _ = try receive(field) }
            throw .refused
        }
        guard field > 0 else { throw malformed }
        let body = try receive(field)
        switch status {
        case 0: return body
        case 2:
            let said = unsafe body.withBytes { unsafe [UInt8]($0) }
            // Into a log: printable, and not long.
            let reason = said.prefix(200).map { (32...126).contains($0) ? $0 : UInt8(ascii: "?") }
            throw .rootKeyCommand(.unavailable(program: program, reason: String(decoding: reason, as: UTF8.self)))
        default: throw malformed
        }
    }

    private func receive(_ count: Int) throws(VaultError) -> Secret {
        let socket = socket
        var got = 0
        let bytes = unsafe try Secret(
            count: count,
            write: { target in
                while got < count {
                    let one = unsafe recv(socket, target + got, count - got, 0)
                    if one < 0, errno == EINTR { continue }
                    if one <= 0 { return }
                    got += one
                }
            })
        guard got == count else { throw .rootKeyCommand(.noAnswer(program: program)) }
        return bytes
    }

    // MARK: The process

    /// One end of a socket becomes the program's standard input and output; what else is open here closes on exec.
    private mutating func start() throws(VaultError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0
        else { throw .rootKeyCommand(.cannotStart(program: program, errno: errno)) }
        defer { close(ends[1]) }
        var patience = timeval(tv_sec: CommandRootKey.patienceInSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        unsafe setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience, size)

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        var id: pid_t = 0
        let code = unsafe posix_spawn(&id, program, &actions, nil, &arguments, environ)
        guard code == 0 else {
            close(ends[0])
            throw .rootKeyCommand(.cannotStart(program: program, errno: code))
        }
        process = id
        socket = ends[0]
    }

    private mutating func stop() {
        Self.end(process, socket)
        process = 0
        socket = -1
    }

    private static func end(_ process: pid_t, _ socket: Int32) {
        if socket >= 0 { close(socket) }
        guard process > 0 else { return }
        // It is asked nothing any more, so nothing of it can be lost.
        kill(process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}
