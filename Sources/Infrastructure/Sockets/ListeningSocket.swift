import CSockets
import Glibc

/// Waits for connections over TCP.
@safe package final class ListeningSocket: @unchecked Sendable {
    package enum Failure: Error, Sendable {
        /// The host's name, or address, means nothing here.
        case unknownHost(String)
        /// Of `socket`, `bind` or `listen`.
        case system(errno: Int32)
    }

    /// A connection that came.
    package struct Arrival {
        package let socket: StreamSocket
        /// The other end, as text, without its port.
        package let address: String
    }

    private static let backlog: Int32 = 1_024
    /// How long nobody is taken after the system had no room for one.
    private static let pause = Duration.milliseconds(100)

    private let descriptor: Int32
    /// The port that it listens on.
    package let port: Int
    private var token: SocketToken?
    private var arrived: ((Arrival) -> Void)?

    private init(_ descriptor: Int32, port: Int) {
        self.descriptor = descriptor
        self.port = port
    }

    /// - Parameters:
    ///   - host: a name or an address; of a name with several, the first.
    ///   - port: 0 for one that is free.
    ///   - arrived: called for each, on the reactor's own thread.
    package static func listen(
        host: String, port: Int, arrived: @escaping @Sendable (Arrival) -> Void
    ) async throws(Failure) -> ListeningSocket {
        let socket = try await BlockingThread.run { bound(host: host, port: port) }.get()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Reactor.shared.submit {
                socket.arrived = arrived
                socket.watch()
                continuation.resume()
            }
        }
        return socket
    }

    /// Takes nobody any longer.
    package func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Reactor.shared.submit { [self] in
                unwatch()
                arrived = nil
                Glibc.close(descriptor)
                continuation.resume()
            }
        }
    }

    private static func bound(host: String, port: Int) -> Result<ListeningSocket, Failure> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &found) == 0, let first = unsafe found else {
            return .failure(.unknownHost(host))
        }
        defer { unsafe freeaddrinfo(first) }
        let descriptor = unsafe socket(
            first.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return .failure(.system(errno: errno)) }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0,
            Glibc.listen(descriptor, backlog) == 0
        else {
            let failure = Failure.system(errno: errno)
            Glibc.close(descriptor)
            return .failure(failure)
        }
        return .success(ListeningSocket(descriptor, port: Self.port(of: descriptor)))
    }

    // MARK: In the reactor's turn

    private func watch() {
        token = Reactor.shared.watch(descriptor) { [self] _ in take() }
        if token == nil { rest() }
    }

    private func rest() {
        unwatch()
        Reactor.shared.schedule(after: Self.pause) { [self] in
            if arrived != nil { watch() }
        }
    }

    private func unwatch() {
        if let token { Reactor.shared.unwatch(token) }
        token = nil
    }

    private func take() {
        while let arrived {
            var address = sockaddr_storage()
            let descriptor = unsafe Self.withAddress(&address) { unsafe accept4(self.descriptor, $0, $1, Self.flags) }
            if descriptor >= 0 {
                var on: Int32 = 1
                unsafe setsockopt(
                    descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
                arrived(Arrival(socket: StreamSocket(descriptor), address: Self.text(of: address)))
                continue
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                // Whoever waits will be taken when others have gone; to ask at once, again and again, helps nobody.
                return rest()
            default: return
            }
        }
    }

    private static var flags: Int32 { Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue) }

    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_storage()
        _ = unsafe withAddress(&address) { unsafe getsockname(descriptor, $0, $1) }
        // In the same place for both families.
        let port = unsafe withUnsafeBytes(of: address) { unsafe $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self) }
        return Int(UInt16(bigEndian: port))
    }

    private static func text(of address: sockaddr_storage) -> String {
        var address = address
        let size = socklen_t(
            Int32(address.ss_family) == AF_INET6
                ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        return unsafe withAddress(&address) { pointer, _ in
            unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
                guard
                    unsafe getnameinfo(
                        pointer, size, text.baseAddress, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0,
                    let start = text.baseAddress
                else { return "" }
                return unsafe String(cString: start)
            }
        }
    }

    private static func withAddress<Result>(
        _ address: inout sockaddr_storage,
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &size) }
        }
    }
}
