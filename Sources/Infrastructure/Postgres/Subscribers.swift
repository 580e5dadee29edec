import Synchronization

/// Who wants to hear of which channels, and what the connection listens to just now.
final class Subscribers: Sendable {
    /// What the connection has to be told.
    struct Changes: Sendable {
        let added: Set<String>
        let dropped: Set<String>

        var isEmpty: Bool { added.isEmpty && dropped.isEmpty }

        var commands: [Command] {
            added.sorted().map { Command(Self.statement("LISTEN", $0), prepared: false) }
                + dropped.sorted().map { Command(Self.statement("UNLISTEN", $0), prepared: false) }
        }

        /// A channel is an identifier, which cannot be a `$n`; quoted, with its quotes doubled, it can be any text.
        private static func statement(_ verb: String, _ channel: String) -> Statement {
            let quoted = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            return Statement(compiled: "\(verb) \"\(quoted)\"")
        }
    }

    private struct Subscriber {
        let channels: Set<String>
        let continuation: AsyncStream<NotificationEvent>.Continuation
        /// Whether `.listening` was said and not taken back.
        var isListening = false

        func yield(_ event: NotificationEvent) {
            guard case .dropped = continuation.yield(event) else { return }
            // Something older fell out. Whoever reads on finds this behind the gap.
            continuation.yield(.lost)
            continuation.yield(.listening)
        }
    }

    private struct State {
        var subscribers: [UInt64: Subscriber] = [:]
        var lastID: UInt64 = 0
        var listened: Set<String> = []
        /// Tells the connection's loop to ask for `changes()`; `nil` while there is no connection.
        var wakeUp: (@Sendable () -> Void)?
        var isFinished = false

        var wanted: Set<String> {
            subscribers.values.reduce(into: []) { $0.formUnion($1.channels) }
        }
    }

    private let state = Mutex(State())

    func add(channels: Set<String>) -> AsyncStream<NotificationEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: NotificationEvent.self, bufferingPolicy: .bufferingNewest(1024))
        let id = state.withLock { state -> UInt64? in
            guard !state.isFinished else { return nil }
            state.lastID += 1
            state.subscribers[state.lastID] = Subscriber(channels: channels, continuation: continuation)
            return state.lastID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        // Not at once: a cancelled task ends its stream while the runtime holds that task's lock, for which whoever tells the
        // stream something, with our lock held, may be waiting.
        continuation.onTermination = { [weak self] _ in Task { self?.remove(id) } }
        announceListening()
        wakeUp()
        return stream
    }

    private func remove(_ id: UInt64) {
        state.withLock { $0.subscribers[id] = nil }
        wakeUp()
    }

    private func wakeUp() {
        state.withLock { $0.wakeUp }?()
    }

    func connected(wakeUp: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.listened = []
            state.wakeUp = wakeUp
        }
    }

    func changes() -> Changes {
        state.withLock { state in
            let wanted = state.wanted
            return Changes(added: wanted.subtracting(state.listened), dropped: state.listened.subtracting(wanted))
        }
    }

    func succeeded(_ changes: Changes) {
        state.withLock { state in
            guard state.wakeUp != nil else { return }
            state.listened.formUnion(changes.added)
            state.listened.subtract(changes.dropped)
        }
        announceListening()
    }

    /// `.listening` to everyone whose channels are all listened to and who has not heard it yet. It is said under the
    /// lock, so that it comes before the first notification.
    private func announceListening() {
        state.withLock { state in
            for (id, subscriber) in state.subscribers
            where !subscriber.isListening && subscriber.channels.isSubset(of: state.listened) {
                state.subscribers[id]?.isListening = true
                subscriber.yield(.listening)
            }
        }
    }

    func disconnected() {
        state.withLock { state in
            state.listened = []
            state.wakeUp = nil
            for (id, subscriber) in state.subscribers where subscriber.isListening {
                state.subscribers[id]?.isListening = false
                subscriber.yield(.lost)
            }
        }
    }

    func deliver(channel: String, payload: String) {
        state.withLock { state in
            for subscriber in state.subscribers.values
            where subscriber.isListening && subscriber.channels.contains(channel) {
                subscriber.yield(.notification(channel: channel, payload: payload))
            }
        }
    }

    func finish() {
        let ended = state.withLock { state in
            state.isFinished = true
            defer { state.subscribers = [:] }
            return Array(state.subscribers.values)
        }
        // Outside the lock: ending a stream calls `remove`.
        for subscriber in ended { subscriber.continuation.finish() }
    }
}
