import NIOCore

/// The three clocks of a connection. Owned by its event loop.
struct ConnectionDeadlines {
    var body = Deadline()
    var write = Deadline()
    private let idle = Idle()

    /// One at a time: a new start takes the place of the one before.
    struct Deadline {
        private var timer: Scheduled<Void>?

        mutating func start(_ context: ChannelHandlerContext, after delay: Duration, _ action: @escaping () -> Void) {
            timer?.cancel()
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: .init(delay), action)
        }

        mutating func cancel() {
            timer?.cancel()
            timer = nil
        }
    }

    /// Looked at when time is up and not set anew with each request.
    private final class Idle {
        var lastActivity = NIODeadline.now()
        var timer: Scheduled<Void>?
    }

    mutating func noteActivity() {
        idle.lastActivity = .now()
    }

    /// - Parameter isBusy: time does not count while it is.
    func startIdle(
        _ context: ChannelHandlerContext, after delay: Duration, unless isBusy: @escaping () -> Bool,
        onIdle: @escaping () -> Void
    ) {
        let delay = TimeAmount(delay)
        func wait(until deadline: NIODeadline) {
            idle.timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [idle] in
                if isBusy() { return wait(until: .now() + delay) }
                let end = idle.lastActivity + delay
                if end <= .now() { onIdle() } else { wait(until: end) }
            }
        }
        wait(until: .now() + delay)
    }

    mutating func cancel() {
        body.cancel()
        write.cancel()
        idle.timer?.cancel()
    }
}
