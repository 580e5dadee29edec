import Sockets

/// The three clocks of a connection. In the reactor's turn.
struct ConnectionDeadlines {
    var body = Deadline()
    var write = Deadline()
    private let idle = Idle()

    /// One at a time: a new start takes the place of the one before.
    struct Deadline {
        private var timer: TimerToken?

        mutating func start(after delay: Duration, _ action: @escaping () -> Void) {
            cancel()
            timer = Reactor.shared.schedule(after: delay, action)
        }

        mutating func cancel() {
            if let timer { Reactor.shared.cancel(timer) }
            timer = nil
        }
    }

    /// Looked at when time is up and not set anew with each request.
    private final class Idle {
        var lastActivity = ContinuousClock.now
        var timer: TimerToken?
    }

    mutating func noteActivity() {
        idle.lastActivity = .now
    }

    /// - Parameter isBusy: time does not count while it is.
    func startIdle(after delay: Duration, unless isBusy: @escaping () -> Bool, onIdle: @escaping () -> Void) {
        func wait(_ pause: Duration) {
            idle.timer = Reactor.shared.schedule(after: pause) { [idle] in
                if isBusy() { return wait(delay) }
                let rest = delay - idle.lastActivity.duration(to: .now)
                if rest <= .zero { onIdle() } else { wait(rest) }
            }
        }
        wait(delay)
    }

    mutating func cancel() {
        body.cancel()
        write.cancel()
        if let timer = idle.timer { Reactor.shared.cancel(timer) }
        idle.timer = nil
    }
}
