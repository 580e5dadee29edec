import CLibPQ
import Glibc
import Synchronization

/// The one thread that waits for every connection's socket, and the executor of every `PostgresConnection` and
/// `ConnectionPool`: so libpq, which wants one thread at a time per connection, is never locked.
///
/// Nothing on it may block. What does (dialling, `PQcancel`, migration scripts) goes to `BlockingThread`.
final class Reactor: SerialExecutor {
    /// There is one per process; its thread lives as long as the process.
    static let shared = Reactor()

    private enum Work {
        case job(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: [Work] = []
        /// Whether the thread is in `epoll_wait`, or about to be, and must be woken.
        var isAsleep = false
    }

    private let inbox = Mutex(Inbox())
    private let epoll: Int32
    private let wakeUp: Int32
    private let threadID = Atomic<UInt>(0)
    /// Touched on the reactor's thread alone.
    private nonisolated(unsafe) var sockets = SocketRegistry()
    private nonisolated(unsafe) var timers = TimerList()

    private init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        // A process that has no two descriptors left when it starts cannot go on.
        precondition(epoll >= 0 && wakeUp >= 0, "epoll or eventfd failed: errno \(errno)")
        var event = unsafe epoll_event(events: EPOLLIN.rawValue, data: epoll_data(u64: 0))
        unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event)
        BlockingThread.start { [self] in loop() }
    }

    // MARK: Work from any thread

    func enqueue(_ job: consuming ExecutorJob) {
        submit(.job(UnownedJob(job)))
    }

    /// Runs `closure` on the reactor's thread, after what was submitted before it.
    func submit(_ closure: @escaping @Sendable () -> Void) {
        submit(.closure(closure))
    }

    private func submit(_ work: Work) {
        let mustWake = inbox.withLock { inbox in
            inbox.work.append(work)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake { _ = eventfd_write(wakeUp, 1) }
    }

    // MARK: On the reactor's thread

    var isOnThread: Bool { threadID.load(ordering: .relaxed) == Self.currentThread }

    func checkIsolated() {
        precondition(isOnThread, "not on the reactor's thread")
    }

    func isIsolatingCurrentContext() -> Bool? { isOnThread }

    /// Calls `handler` when the socket is readable, writable (if asked) or broken, until `unwatch`.
    func watch(_ socket: Int32, _ handler: @escaping (_ isReadable: Bool) -> Void) -> SocketToken? {
        checkIsolated()
        let token = unsafe sockets.add(socket, handler)
        var event = unsafe epoll_event(events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue, data: epoll_data(u64: token.id))
        guard unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0 else {
            unsafe sockets.remove(token)
            return nil
        }
        return token
    }

    func setWriteInterest(_ token: SocketToken, _ isInterested: Bool) {
        checkIsolated()
        let write = isInterested ? EPOLLOUT.rawValue : 0
        var event = unsafe epoll_event(
            events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | write, data: epoll_data(u64: token.id))
        unsafe epoll_ctl(epoll, EPOLL_CTL_MOD, token.socket, &event)
    }

    /// Before the socket is closed.
    func unwatch(_ token: SocketToken) {
        checkIsolated()
        unsafe sockets.remove(token)
        epoll_ctl(epoll, EPOLL_CTL_DEL, token.socket, nil)
    }

    /// Calls `action` once, not before `delay` has passed.
    @discardableResult
    func schedule(after delay: Duration, _ action: @escaping () -> Void) -> TimerToken {
        checkIsolated()
        return unsafe timers.add(ContinuousClock.now.advanced(by: delay), action)
    }

    func cancel(_ timer: TimerToken) {
        checkIsolated()
        unsafe timers.remove(timer)
    }

    private func loop() {
        threadID.store(Self.currentThread, ordering: .relaxed)
        var batch: [Work] = []
        var events = unsafe [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            // One by one: an action may add or cancel timers.
            if unsafe !timers.isEmpty {
                while let action = unsafe timers.next(at: .now) { action() }
            }
            // Work begets work, mostly: a few rounds save a system call each. Sockets get their turn in between.
            var isIdle = false
            for _ in 0..<16 where !isIdle {
                isIdle = inbox.withLock { inbox in
                    swap(&inbox.work, &batch)
                    inbox.isAsleep = batch.isEmpty
                    return batch.isEmpty
                }
                for work in batch { run(work) }
                batch.removeAll(keepingCapacity: true)
            }
            let timeout = unsafe isIdle ? timers.milliseconds(from: .now) : 0
            let count = unsafe epoll_wait(epoll, &events, Int32(events.count), timeout)
            if isIdle { inbox.withLock { $0.isAsleep = false } }
            for index in 0..<max(0, Int(count)) {
                unsafe dispatch(events[index])
            }
        }
    }

    private func run(_ work: Work) {
        switch work {
        case .job(let job): unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        case .closure(let closure): closure()
        }
    }

    private func dispatch(_ event: epoll_event) {
        let id = unsafe event.data.u64
        if id == 0 {
            var counter: eventfd_t = 0
            _ = unsafe eventfd_read(wakeUp, &counter)
            return
        }
        // Errors and hang-ups show when the socket is read.
        let isReadable = unsafe event.events & ~EPOLLOUT.rawValue != 0
        unsafe sockets.handler(id)?(isReadable)
    }

    private static var currentThread: UInt { UInt(pthread_self()) }
}
