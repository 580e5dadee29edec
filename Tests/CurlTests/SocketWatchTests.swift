import Curl
import Glibc
import Testing

/// Over UDP sockets, which need nobody at the other end: each is sent what it sends to itself.
@Suite struct SocketWatchTests {
    private static let readable = UInt32(0x001)

    private func watch() throws -> SocketWatch {
        try #require(SocketWatch())
    }

    private func socket(of watch: SocketWatch) throws -> Int32 {
        let socket = watch.open(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        try #require(socket >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, size) == 0 && getsockname(socket, address, &size) == 0
                    && connect(socket, address, size) == 0
            }
        }
        try #require(isReady)
        return socket
    }

    private func makeReadable(_ socket: Int32) throws {
        var byte = UInt8(1)
        try #require(send(socket, &byte, 1, 0) == 1)
    }

    /// What the watch tells within five seconds.
    private func told(_ watch: SocketWatch) -> [Int32] {
        var told: [Int32] = []
        watch.wait(timeout: 5_000) { socket, events in
            if events == Self.readable { told.append(socket) }
        }
        return told
    }

    @Test func `a socket that is wanted again after a rest is told of`() throws {
        let watch = try watch()
        let socket = try socket(of: watch)
        defer { _ = watch.close(socket) }
        for _ in 0..<3 {
            watch.want(Self.readable, of: socket)
            try makeReadable(socket)
            #expect(told(watch) == [socket])
            var byte = UInt8(0)
            #expect(recv(socket, &byte, 1, 0) == 1)
            watch.ignore(socket)
        }
    }

    @Test func `what becomes ready while it rests wakes once, and is told of when it is wanted again`() throws {
        let watch = try watch()
        let socket = try socket(of: watch)
        defer { _ = watch.close(socket) }
        watch.want(Self.readable, of: socket)
        watch.ignore(socket)
        try makeReadable(socket)
        var told: [Int32] = []
        let first = watch.wait(timeout: 5_000) { socket, _ in told.append(socket) }
        // Still readable, and nobody sleeps badly for it.
        let second = watch.wait(timeout: 0) { socket, _ in told.append(socket) }
        #expect((first, second) == (1, 0))
        #expect(told.isEmpty)
        watch.want(Self.readable, of: socket)
        #expect(self.told(watch) == [socket])
    }

    /// - Parameter isShared: a child process has the old one, too, as between its making and its program.
    @Test(arguments: [false, true])
    func `a new socket with the number of a closed one is told of, and the old one no more`(isShared: Bool) throws {
        let watch = try watch()
        var reused = 0
        for _ in 0..<100 {
            let old = try socket(of: watch)
            watch.want(Self.readable, of: old)
            if isShared { try makeReadable(old) } else { watch.ignore(old) }
            let childs = isShared ? dup(old) : -1
            defer { close(childs) }
            _ = watch.close(old)
            let new = try socket(of: watch)
            defer { _ = watch.close(new) }
            watch.want(Self.readable, of: new)
            try makeReadable(new)
            #expect(told(watch) == [new])
            if new == old { reused += 1 }
        }
        #expect(reused > 0, "the number was another's every time")
    }

    @Test func `a socket of somebody else's is not kept, so that its number may be anybody's`() throws {
        let watch = try watch()
        for _ in 0..<20 {
            var pair: [Int32] = [-1, -1]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
            watch.want(Self.readable, of: pair[0])
            try makeReadable(pair[1])
            #expect(told(watch) == [pair[0]])
            watch.ignore(pair[0])
            close(pair[0])
            close(pair[1])
        }
    }

    @Test func `a wake-up from another thread ends the wait`() throws {
        let watch = try watch()
        watch.wake()
        let first = watch.wait(timeout: 5_000) { _, _ in }
        let second = watch.wait(timeout: 0) { _, _ in }
        #expect((first, second) == (1, 0))
    }
}
