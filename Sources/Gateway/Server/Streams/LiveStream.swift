import NIOCore
import QueryEngine

/// Where the events of a stream come from, and whether it may go on.
protocol StreamSource: Sendable {
    /// Gives each event to `offer`, which waits until it is written; returns when there are no more, or when `offer`
    /// says that nobody takes them.
    func run(_ offer: @Sendable (GraphQLEvent) async -> Bool) async
    func standing() async -> Standing
}

/// One answer in Server-Sent Events, from its first comment to its `complete`.
struct LiveStream: Sendable {
    let place: StreamPlace
    let source: any StreamSource

    /// The client went away.
    func disconnect() {
        place.mailbox.finish(.disconnected)
    }

    /// Writes events until the stream ends. All tasks that it started have ended when it returns.
    func run(
        _ timeouts: ServerTimeouts, write: (ByteBuffer) async throws -> Void
    ) async throws -> StreamMailbox.End {
        let mailbox = place.mailbox
        let source = source
        return try await withTaskCancellationHandler {
            try await withThrowingDiscardingTaskGroup { group in
                defer {
                    mailbox.finish(.disconnected)
                    group.cancelAll()
                }
                // Headers and this go out at once, so the client knows that it is heard before anything happens.
                try await write(EventEncoder.heartbeat)
                group.addTask {
                    await source.run { await mailbox.offer($0) }
                    mailbox.finish(.completed)
                }
                group.addTask {
                    while (try? await Task.sleep(for: timeouts.heartbeat)) != nil { mailbox.beat() }
                }
                group.addTask {
                    while (try? await Task.sleep(for: timeouts.revalidation)) != nil {
                        if await source.standing() == .revoked { return mailbox.finish(.revoked) }
                    }
                }
                while true {
                    switch await mailbox.next() {
                    case .event(let event): try await write(EventEncoder.next(event.answer.json, id: event.id))
                    case .heartbeat: try await write(EventEncoder.heartbeat)
                    case .end(let end):
                        if end == .revoked { try await write(EventEncoder.next(Self.revoked.json)) }
                        if end != .disconnected { try await write(EventEncoder.complete) }
                        return end
                    }
                }
            }
        } onCancel: {
            mailbox.finish(.shutdown)
        }
    }

    private static let revoked = Refusal(
        .unauthorized, .unauthenticated,
        "What opened this stream is no longer valid; use another API key, or sign in again.")
}

/// The events of a subscription. A query or mutation that was asked for as a stream is one event.
struct GraphQLStreamSource<Executor: GraphQLExecutor>: StreamSource {
    private let executor: Executor
    private let access: any Access
    private let request: EngineRequest
    private let caller: Caller
    private let events: Executor.Events

    /// When this returns, the stream's beginning is fixed.
    init(
        opening request: EngineRequest, on executor: Executor, access: any Access, caller: Caller, lastEventID: String?,
        mailbox: StreamMailbox
    ) async {
        self.executor = executor
        self.access = access
        self.request = request
        self.caller = caller
        events = await executor.events(of: request, for: caller, after: lastEventID) {
            if await Self.mayListen(caller, access) { return true }
            // Before the events end for it: the client hears why.
            mailbox.finish(.revoked)
            return false
        }
    }

    /// Waits until it is known: what cannot be asked now is no reason to end a stream, nor to give anything out.
    private static func mayListen(_ caller: Caller, _ access: any Access) async -> Bool {
        while true {
            switch await access.standing(of: caller) {
            case .valid: return true
            case .revoked: return false
            case .unknown: guard (try? await Task.sleep(for: .milliseconds(250))) != nil else { return false }
            }
        }
    }

    func run(_ offer: @Sendable (GraphQLEvent) async -> Bool) async {
        for await event in events {
            if event.answer.failure == .wrongOperationType {
                let answer = await executor.execute(request, for: caller)
                await noteIfDenied(answer)
                _ = await offer(GraphQLEvent(id: nil, answer: answer))
                return
            }
            await noteIfDenied(event.answer)
            guard await offer(event) else { return }
        }
    }

    /// A subscription is refused in its first event, since its status went out before.
    private func noteIfDenied(_ answer: GraphQLAnswer) async {
        if answer.failure == .forbidden || answer.failure == .unauthenticated { await access.noteDenied(caller) }
    }

    func standing() async -> Standing {
        await access.standing(of: caller)
    }
}
