import CCurl
import Glibc

/// libcurl's multi handle, and what it waits for: its sockets, its one timer, and whoever wakes it.
///
/// libcurl says which sockets it waits for and when it wants to be called (`CURLMOPT_SOCKETFUNCTION`,
/// `CURLMOPT_TIMERFUNCTION`), so a wake-up costs what is ready, and not a look at every transfer under way. Of the
/// thread that owns it, but for `wake`.
@safe final class MultiHandle {
    let pointer: UnsafeMutableRawPointer
    let sockets: SocketWatch
    /// When libcurl wants to be called though no socket is ready.
    private var alarm: ContinuousClock.Instant?

    /// Nil when libcurl or the system has no more of what it takes.
    init?() {
        guard let sockets = SocketWatch(), let multi = unsafe curl_multi_init() else { return nil }
        unsafe pointer = multi
        self.sockets = sockets
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
    }

    /// Ends the wait that is under way, or else the next one. From any thread.
    func wake() {
        sockets.wake()
    }

    /// Waits until something is ready or `timeout` is over, and lets libcurl work on it.
    /// - Parameter timeout: in milliseconds.
    func work(timeout: Int32) {
        var running: Int32 = 0
        sockets.wait(timeout: milliseconds(atMost: timeout)) { socket, events in
            unsafe _ = curl_multi_socket_action(pointer, socket, Self.mask(events), &running)
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
        let reads = what & CURL_POLL_IN != 0 ? EPOLLIN.rawValue : 0
        let writes = what & CURL_POLL_OUT != 0 ? EPOLLOUT.rawValue : 0
        guard reads | writes != 0 else { return sockets.ignore(socket) }
        sockets.want(reads | writes, of: socket)
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
