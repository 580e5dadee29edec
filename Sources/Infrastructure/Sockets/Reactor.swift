import CSockets
import Glibc
import Synchronization

/// Waits for every socket, of clients and of the database, and is the executor of those who own them: so libpq, which wants
/// one thread at a time per connection, is never locked, and an answer goes from the database to the client without waking
/// anybody.
///
/// It has a thread, which sleeps until a socket is ready, but its work is done by whoever has its turn: a task that comes
/// from another thread takes the turn if it is free and goes on at once, so that a statement is on its way without
/// waking anybody. If it is not free, the one who has it does that work too.
///
/// Nothing of its work may block. What does (dialling, `PQcancel`, migration scripts) goes to `BlockingThread`.
package final class Reactor: SerialExecutor {
    /// There is one per process; its thread lives as long as the process.
    package static let shared = Reactor()

    private enum Work {
        case job(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    private let inbox = Mutex<[Work]>([])
    /// Held by the one who does the work.
    private let turn = SleepingLock()
    private let epoll: Int32
    private let wakeUp: Int32
    /// Of the one who has the turn; 0 when it is free.
    private let holder = Atomic<UInt>(0)
    /// These are touched by the one who has the turn alone.
    private nonisolated(unsafe) var sockets = SocketRegistry()
    private nonisolated(unsafe) var timers = TimerList()
    /// Room for work that is being done.
    private nonisolated(unsafe) var room: [Work] = []
    private nonisolated(unsafe) var ownWork: [() -> Void] = []
    private let ownThread = Atomic<UInt>(0)
    /// When the thread wakes up by itself, while it sleeps; the distant future for never.
    private nonisolated(unsafe) var alarm: ContinuousClock.Instant?

    /// How often somebody who came with work looks for that of others before it goes back to its own.
    private static let patience = 16
    /// What its thread asks for, as nginx's `worker_priority` does.
    private static let niceness: Int32 = -5
    /// `SCHED_RESET_ON_FORK` (sched(7)), which the Glibc module does not have.
    private static let resetOnFork: Int32 = 0x4000_0000

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

    /// Runs the job here and now, if nobody has the turn. A task comes here between two of its steps, when it holds no
    /// lock that the job could want.
    package func enqueue(_ job: consuming ExecutorJob) {
        bring(.job(UnownedJob(job)))
    }

    /// Runs `closure` here and now, if nobody has the turn; after what was brought before it. Not from where a lock is held.
    package func perform(_ closure: @escaping @Sendable () -> Void) {
        bring(.closure(closure))
    }

    private func bring(_ work: Work) {
        inbox.withLock { $0.append(work) }
        guard !hasTurn else { return }
        // Once more for what came after the last look and before the turn was given back.
        while inbox.withLock({ !$0.isEmpty }) {
            let isDone = turn.withLockIfAvailable { takeTurn { self.work(rounds: Self.patience) } }
            if isDone == false { return wake() }
            if isDone == nil { return }
        }
    }

    /// Runs `closure` in turn, after what was submitted before it, and never here: a task's cancellation, of which it may
    /// tell, holds a lock of the runtime that resuming the task wants.
    package func submit(_ closure: @escaping @Sendable () -> Void) {
        inbox.withLock { $0.append(.closure(closure)) }
        if !hasTurn { wake() }
    }

    private func wake() {
        _ = eventfd_write(wakeUp, 1)
    }

    // MARK: In turn

    package var hasTurn: Bool { holder.load(ordering: .relaxed) == Self.currentThread }

    package func checkIsolated() {
        precondition(hasTurn, "not in the reactor's turn")
    }

    package func isIsolatingCurrentContext() -> Bool? { hasTurn }

    /// Calls `handler`, on the reactor's own thread, when the socket is readable, writable (if asked) or broken, until
    /// `unwatch`.
    /// - Returns: `nil` when the system has no room for another.
    package func watch(_ socket: Int32, _ handler: @escaping (SocketEvents) -> Void) -> SocketToken? {
        checkIsolated()
        let token = unsafe sockets.add(socket, handler)
        var event = unsafe epoll_event(events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue, data: epoll_data(u64: token.id))
        guard unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0 else {
            unsafe sockets.remove(token)
            return nil
        }
        return token
    }

    /// What the socket's handler is called for, besides that it is broken.
    /// - Parameter ending: whether for the end of what the other side sends; while that is not read, again and again.
    package func setInterest(_ token: SocketToken, reading: Bool, writing: Bool, ending: Bool = true) {
        checkIsolated()
        let bits =
            (reading ? EPOLLIN.rawValue : 0) | (writing ? EPOLLOUT.rawValue : 0) | (ending ? EPOLLRDHUP.rawValue : 0)
        var event = unsafe epoll_event(events: bits, data: epoll_data(u64: token.id))
        unsafe epoll_ctl(epoll, EPOLL_CTL_MOD, token.socket, &event)
    }

    /// Before the socket is closed.
    package func unwatch(_ token: SocketToken) {
        checkIsolated()
        unsafe sockets.remove(token)
        epoll_ctl(epoll, EPOLL_CTL_DEL, token.socket, nil)
    }

    /// Runs `closure` in turn, soon, on the reactor's own thread: where handlers and timers are called.
    package func onOwnThread(_ closure: @escaping () -> Void) {
        checkIsolated()
        unsafe ownWork.append(closure)
        if Self.currentThread != ownThread.load(ordering: .relaxed) { wake() }
    }

    /// Calls `action` once, not before `delay` has passed.
    @discardableResult
    package func schedule(after delay: Duration, _ action: @escaping () -> Void) -> TimerToken {
        checkIsolated()
        let deadline = ContinuousClock.now.advanced(by: delay)
        if let alarm = unsafe alarm, deadline < alarm { wake() }
        return unsafe timers.add(deadline, action)
    }

    package func cancel(_ timer: TimerToken) {
        checkIsolated()
        unsafe timers.remove(timer)
    }

    /// With the turn: its calls and its work know that they are in it.
    private func takeTurn<Result>(_ body: () -> Result) -> Result {
        holder.store(Self.currentThread, ordering: .relaxed)
        defer { holder.store(0, ordering: .relaxed) }
        return body()
    }

    /// Does what is in the inbox, and what comes of that.
    /// - Returns: whether nothing is left.
    private func work(rounds: Int) -> Bool {
        for _ in 0..<rounds {
            var work = unsafe room
            unsafe room = []
            inbox.withLock { swap(&$0, &work) }
            let isDone = work.isEmpty
            for work in work { run(work) }
            work.removeAll(keepingCapacity: true)
            unsafe room = work
            if isDone { return true }
        }
        return false
    }

    /// On a machine that is used up, everybody waits for this thread, and it for all those whom it has just given work: each
    /// backend that it wakes would take the processor from it. Linux sets the niceness of a thread by its id, 0 for the one
    /// that asks (setpriority(2)); the threads that it starts do not inherit it. Where the system does not allow it
    /// (`RLIMIT_NICE`), or somebody has chosen another niceness or policy for the process, it goes on as it is.
    package static func goFirst() {
        let ofThread = __priority_which_t(PRIO_PROCESS.rawValue)
        var parameter = sched_param()
        guard getpriority(ofThread, 0) == 0, sched_getscheduler(0) == SCHED_OTHER,
            unsafe sched_setscheduler(0, SCHED_OTHER | resetOnFork, &parameter) == 0
        else { return }
        setpriority(ofThread, 0, niceness)
    }

    private func loop() {
        Self.goFirst()
        var events = unsafe [epoll_event](repeating: epoll_event(), count: 64)
        var ready = 0
        ownThread.store(Self.currentThread, ordering: .relaxed)
        while true {
            let timeout = turn.withLock {
                takeTurn { () -> Int32 in
                    unsafe alarm = nil
                    for index in 0..<ready { unsafe dispatch(events[index]) }
                    // One by one: an action may add or cancel timers.
                    if unsafe !timers.isEmpty {
                        while let action = unsafe timers.next(at: .now) { action() }
                    }
                    // Sockets get their turn in between.
                    let isDone = work(rounds: Self.patience)
                    doOwnWork()
                    guard isDone, inbox.withLock({ $0.isEmpty }) else { return 0 }
                    unsafe alarm = timers.nextDeadline ?? .now.advanced(by: .seconds(1 << 31))
                    return unsafe timers.milliseconds(from: .now)
                }
            }
            // What came while the turn was being given back is found by the one who brought it, or here.
            let isIdle = inbox.withLock { $0.isEmpty }
            ready = max(0, Int(unsafe epoll_wait(epoll, &events, Int32(events.count), isIdle ? timeout : 0)))
        }
    }

    private func doOwnWork() {
        while unsafe !ownWork.isEmpty {
            let work = unsafe ownWork
            unsafe ownWork = []
            for closure in work { closure() }
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
        unsafe sockets.handler(id)?(SocketEvents(bits: event.events))
    }

    private static var currentThread: UInt { UInt(pthread_self()) }
}
