package struct TimerToken: Sendable, Equatable {
    let id: UInt64
}

/// The reactor's timers, soonest last. They are few, about as many as there are connections, and most are set
/// once in a long time, so a sorted array will do.
struct TimerList {
    private struct Timer {
        let token: TimerToken
        let deadline: ContinuousClock.Instant
        let action: () -> Void
    }

    private var timers: [Timer] = []
    private var lastID: UInt64 = 0

    mutating func add(_ deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> TimerToken {
        lastID += 1
        let timer = Timer(token: TimerToken(id: lastID), deadline: deadline, action: action)
        let position = timers.firstIndex { $0.deadline <= deadline } ?? timers.count
        timers.insert(timer, at: position)
        return timer.token
    }

    mutating func remove(_ token: TimerToken) {
        timers.removeAll { $0.token == token }
    }

    /// The next timer that is due, taken out.
    mutating func next(at now: ContinuousClock.Instant) -> (() -> Void)? {
        guard let timer = timers.last, timer.deadline <= now else { return nil }
        timers.removeLast()
        return timer.action
    }

    var isEmpty: Bool { timers.isEmpty }

    var nextDeadline: ContinuousClock.Instant? { timers.last?.deadline }

    /// How long `epoll_wait` may sleep, rounded up; -1 for ever.
    func milliseconds(from now: ContinuousClock.Instant) -> Int32 {
        guard let timer = timers.last else { return -1 }
        let remaining = now.duration(to: timer.deadline).components
        guard remaining.seconds >= 0, remaining.attoseconds >= 0 else { return 0 }
        let milliseconds =
            remaining.seconds * 1000 + (remaining.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: milliseconds)
    }
}
