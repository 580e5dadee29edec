import Synchronization

/// Where a live stream's writer waits: for the next event, the next heartbeat, or the end.
///
/// It holds one event. Whoever offers it waits until the writer has taken it, so a client that reads slowly slows down
/// the reading of the change feed and nothing piles up. An end passes everything else.
final class StreamMailbox: Sendable {
    enum End: Sendable, Hashable {
        /// The subscription itself is over.
        case completed
        /// The client went away.
        case disconnected
        /// The caller may not listen any longer.
        case revoked
        /// The server stops.
        case shutdown
    }

    enum Action: Sendable {
        case event(GraphQLEvent)
        case heartbeat
        case end(End)
    }

    private struct State {
        var offered: (event: GraphQLEvent, taken: CheckedContinuation<Bool, Never>)?
        var isBeatDue = false
        var end: End?
        var reader: CheckedContinuation<Action, Never>?
    }

    private let state = Mutex(State())

    /// Hands over an event and waits until it is taken.
    /// - Returns: whether it was; if not, the stream is over.
    func offer(_ event: GraphQLEvent) async -> Bool {
        await withCheckedContinuation { taken in
            let resume: (() -> Void)? = state.withLock { state in
                if state.end != nil { return { taken.resume(returning: false) } }
                if let reader = state.reader {
                    state.reader = nil
                    return {
                        taken.resume(returning: true)
                        reader.resume(returning: .event(event))
                    }
                }
                state.offered = (event, taken)
                return nil
            }
            resume?()
        }
    }

    /// Asks for a heartbeat. Several that were not written yet are one.
    func beat() {
        let reader = state.withLock { state -> CheckedContinuation<Action, Never>? in
            guard let reader = state.reader else {
                state.isBeatDue = true
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: .heartbeat)
    }

    /// Ends the stream; the first reason stands.
    func finish(_ end: End) {
        let (reader, offered) = state.withLock { state in
            if state.end == nil { state.end = end }
            defer {
                state.reader = nil
                state.offered = nil
            }
            return (state.reader, state.offered)
        }
        offered?.taken.resume(returning: false)
        reader?.resume(returning: .end(end))
    }

    /// What the writer does next. One writer at a time.
    func next() async -> Action {
        await withCheckedContinuation { reader in
            let resume: (() -> Void)? = state.withLock { state in
                if let end = state.end { return { reader.resume(returning: .end(end)) } }
                if let offered = state.offered {
                    state.offered = nil
                    return {
                        offered.taken.resume(returning: true)
                        reader.resume(returning: .event(offered.event))
                    }
                }
                if state.isBeatDue {
                    state.isBeatDue = false
                    return { reader.resume(returning: .heartbeat) }
                }
                state.reader = reader
                return nil
            }
            resume?()
        }
    }
}
