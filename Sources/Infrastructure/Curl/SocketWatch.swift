import CCurl
import Glibc

/// What the transfer thread sleeps on: libcurl's sockets, and whoever wakes it.
///
/// libcurl lets go of a connection's socket after each transfer, and takes it up again for the next. A socket that the
/// watch has opened itself stays known to the kernel in between, which saves two system calls for each request; what
/// becomes ready then (the server has closed an idle connection) is dropped at once, not to be reported for ever. The
/// kernel forgets a socket when it is closed and gives its number to the next one, so the watch must hear of each
/// closing: see `EasyHandle.watchSockets`. Sockets that libcurl opens for itself (name look-ups) are not kept.
///
/// Of the thread that owns it, but for `wake`.
@safe package final class SocketWatch {
    private struct Socket {
        /// Opened by `open`, and not closed since.
        var isOwn = false
        /// What the kernel waits for; nil when it does not know the socket.
        var registered: UInt32?
        /// What libcurl waits for; nothing between two transfers.
        var wanted: UInt32 = 0
    }

    private let epoll: Int32
    private let wakeUp: Int32
    /// By number.
    private var sockets: [Socket] = []
    private var events: [epoll_event] = unsafe Array(repeating: epoll_event(), count: 64)

    /// Nil when the system has no more descriptors.
    package init?() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        var event = unsafe epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: wakeUp))
        guard epoll >= 0, wakeUp >= 0, unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event) == 0 else { return nil }
    }

    deinit {
        for descriptor in [epoll, wakeUp] where descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Ends the wait that is under way, or else the next one. From any thread.
    package func wake() {
        _ = eventfd_write(wakeUp, 1)
    }

    /// Sleeps until something is ready or the time is over, then tells what is ready of what is wanted.
    /// - Parameters:
    ///   - timeout: in milliseconds.
    ///   - act: gets a socket and its events (`EPOLLIN` and so on), and may come back to the watch.
    /// - Returns: how many were ready, wanted or not; nought when the time was over.
    @discardableResult
    package func wait(timeout: Int32, _ act: (Int32, UInt32) -> Void) -> Int {
        let count = max(0, Int(unsafe epoll_wait(epoll, &events, Int32(events.count), timeout)))
        for index in 0..<count {
            let (socket, ready) = unsafe (events[index].data.fd, events[index].events)
            if socket == wakeUp {
                var counter: eventfd_t = 0
                _ = unsafe eventfd_read(wakeUp, &counter)
            } else if self[socket].wanted == 0 {
                drop(socket)
            } else {
                act(socket, ready)
            }
        }
        return count
    }

    // MARK: Sockets

    /// A new socket, or `switchboard_no_socket`. To be closed by `close`.
    package func open(_ family: Int32, _ type: Int32, _ protocolNumber: Int32) -> Int32 {
        let socket = Glibc.socket(family, type | Int32(SOCK_CLOEXEC.rawValue), protocolNumber)
        guard socket >= 0 else { return switchboard_no_socket }
        self[socket] = Socket(isOwn: true)
        return socket
    }

    package func close(_ socket: Int32) -> Int32 {
        // Before its number can be another's. The kernel forgets it by itself only when nobody has it any more: a child process
        // that is just being made has it until it begins its program, and what is ready would be told under the same number.
        if self[socket].registered != nil { drop(socket) }
        self[socket] = Socket()
        return Glibc.close(socket)
    }

    /// - Parameter wanted: not nothing.
    package func want(_ wanted: UInt32, of socket: Int32) {
        let before = self[socket].registered
        self[socket].wanted = wanted
        guard before != wanted else { return }
        var event = unsafe epoll_event(events: wanted, data: epoll_data(fd: socket))
        var status = unsafe epoll_ctl(epoll, before == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event)
        if status != 0, before == nil, errno == EEXIST {
            status = unsafe epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event)
        }
        self[socket].registered = status == 0 ? wanted : nil
    }

    /// Nobody waits for the socket, for now or for good.
    package func ignore(_ socket: Int32) {
        self[socket].wanted = 0
        // One that is not ours may be closed without a word.
        if !self[socket].isOwn { drop(socket) }
    }

    private func drop(_ socket: Int32) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
        self[socket].registered = nil
    }

    private subscript(socket: Int32) -> Socket {
        get { Int(socket) < sockets.count ? sockets[Int(socket)] : Socket() }
        set {
            while sockets.count <= Int(socket) { sockets.append(Socket()) }
            sockets[Int(socket)] = newValue
        }
    }
}
