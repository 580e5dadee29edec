import CCurl
import Glibc

/// libcurl's multi handle, and what it waits for: its sockets, its one timer, and whoever wakes it.
///
/// libcurl says which sockets it waits for and when it wants to be called (`CURLMOPT_SOCKETFUNCTION`,
/// `CURLMOPT_TIMERFUNCTION`), so a wake-up costs what is ready, and not a look at every transfer under way. Of the
/// thread that owns it, but for `wake`.
@safe final class MultiHandle {
    let pointer: UnsafeMutableRawPointer
    private let epoll: Int32
    private let wakeUp: Int32
    /// When libcurl wants to be called though no socket is ready.
    private var alarm: ContinuousClock.Instant?
    private var events: [epoll_event] = unsafe Array(repeating: epoll_event(), count: 64)

    /// Nil when libcurl or the system has no more of what it takes.
    init?() {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        let wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        var event = unsafe epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: wakeUp))
        guard epoll >= 0, wakeUp >= 0, unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event) == 0,
            let multi = unsafe curl_multi_init()
        else {
            for descriptor in [epoll, wakeUp] where descriptor >= 0 { close(descriptor) }
            return nil
        }
        unsafe pointer = multi
        self.epoll = epoll
        self.wakeUp = wakeUp
        let status = unsafe switchboard_multi_on_wait(
            multi,
            { _, socket, what, context, _ in
                unsafe context.map { unsafe MultiHandle.from($0).wait(for: socket, what) }
                return 0
            },
            { _, milliseconds, context in
                unsafe context.map { unsafe MultiHandle.from($0).setAlarm(after: milliseconds) }
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
        guard status == CURLM_OK,
            unsafe switchboard_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.mostConnections) == CURLM_OK
        else { return nil }
    }

    /// How many connections of one `ConnectionPools.Pool` are kept. By itself libcurl keeps four times as many as there are
    /// transfers at that moment, and closes the others whenever a burst ends.
    private static let mostConnections = 128

    deinit {
        unsafe _ = curl_multi_cleanup(pointer)
        close(epoll)
        close(wakeUp)
    }

    /// Ends the wait that is under way, or else the next one. From any thread.
    func wake() {
        _ = eventfd_write(wakeUp, 1)
    }

    /// Waits until something is ready or `timeout` is over, and lets libcurl work on it.
    /// - Parameter timeout: in milliseconds.
    func work(timeout: Int32) {
        let count = unsafe epoll_wait(epoll, &events, Int32(events.count), milliseconds(atMost: timeout))
        var running: Int32 = 0
        for index in 0..<max(0, Int(count)) {
            let event = unsafe events[index]
            let socket = unsafe event.data.fd
            guard socket != wakeUp else {
                var counter: eventfd_t = 0
                _ = unsafe eventfd_read(wakeUp, &counter)
                continue
            }
            unsafe _ = curl_multi_socket_action(pointer, socket, Self.mask(unsafe event.events), &running)
        }
        callWhenDue()
    }

    /// Lets libcurl do what it wants to do at this time.
    func callWhenDue() {
        var running: Int32 = 0
        // libcurl sets the next alarm while it is called.
        while let alarm, alarm <= .now {
            self.alarm = nil
            unsafe _ = curl_multi_socket_action(pointer, switchboard_timeout_socket, 0, &running)
        }
    }

    private func milliseconds(atMost limit: Int32) -> Int32 {
        guard let alarm else { return limit }
        let left = ContinuousClock.now.duration(to: alarm)
        guard left > .zero else { return 0 }
        // Rounded up: not to come a moment too early, again and again.
        return Int32(min(Double(limit), (left / .milliseconds(1)).rounded(.up)))
    }

    // MARK: What libcurl says, while it is called

    private static func from(_ context: UnsafeMutableRawPointer) -> MultiHandle {
        unsafe Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue()
    }

    private func wait(for socket: curl_socket_t, _ what: Int32) {
        guard what != CURL_POLL_REMOVE else {
            // It may be closed already, and is forgotten then.
            epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
            return
        }
        let reads = what & CURL_POLL_IN != 0 ? EPOLLIN.rawValue : 0
        let writes = what & CURL_POLL_OUT != 0 ? EPOLLOUT.rawValue : 0
        var event = unsafe epoll_event(events: reads | writes, data: epoll_data(fd: socket))
        if unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0, errno == EEXIST {
            unsafe epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event)
        }
    }

    private func setAlarm(after milliseconds: Int) {
        alarm = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }

    private static func mask(_ events: UInt32) -> Int32 {
        var mask: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        return mask
    }
}
