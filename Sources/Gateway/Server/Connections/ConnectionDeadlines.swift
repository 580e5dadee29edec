import NIOCore

/// The three clocks of a connection. Owned by its event loop.
struct ConnectionDeadlines {
    private var body: Scheduled<Void>?
    private var write: Scheduled<Void>?
    private let idle = Idle()

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

    mutating func startBody(
        _ context: ChannelHandlerContext, after delay: Duration, _ action: @escaping () -> Void
    ) {
        body?.cancel()
        body = context.eventLoop.assumeIsolated().scheduleTask(in: .init(delay), action)
    }

    mutating func cancelBody() {
        body?.cancel()
        body = nil
    }

    mutating func startWrite(
        _ context: ChannelHandlerContext, after delay: Duration, _ action: @escaping () -> Void
    ) {
        write?.cancel()
        write = context.eventLoop.assumeIsolated().scheduleTask(in: .init(delay), action)
    }

    mutating func cancelWrite() {
        write?.cancel()
        write = nil
    }

    mutating func cancel() {
        cancelBody()
        cancelWrite()
        idle.timer?.cancel()
    }
}
