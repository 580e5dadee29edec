import Sockets

/// Answers of any size: their rows come one by one (libpq's single-row mode), as fast as they are taken.
extension PostgresConnection {
    /// Memory for rows that nobody has taken yet, in bytes.
    private static let rowMemory = 256 * 1024

    /// Begins a unit of work; the rows of its last command are fetched by `nextRows`.
    func beginRows(_ commands: [Command]) throws(PostgresError) -> UInt64 {
        let id = try nextID(for: commands)
        let queue = RowQueue(limit: Self.rowMemory)
        rowQueues[id] = queue
        start(
            Flight(id: id, commands: commands, rows: queue) { result in
                queue.finish(result.map { _ in })
            })
        return id
    }

    /// The rows that have come, at least one, each a result of its own; `nil` after the last.
    func nextRows(_ id: UInt64) async throws(PostgresError) -> [PostgresResult]? {
        guard let queue = rowQueues[id] else { throw PostgresError(.closed, "the rows have ended") }
        if queue.isEmpty {
            resumeReading()
            if queue.isEmpty { await wait(for: queue, id) }
        }
        let rows = queue.take()
        guard rows.isEmpty else {
            // The next ones come while these are used.
            resumeReading()
            return rows
        }
        rowQueues[id] = nil
        try (queue.end ?? .failure(PostgresError(.closed, "the rows have ended"))).get()
        return nil
    }

    private func wait(for queue: RowQueue, _ id: UInt64) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { queue.wait($0) }
        } onCancel: {
            Reactor.shared.submit { Turn.assumed { self.stopRows(id) } }
        }
    }

    /// Has the server stop, and calls `over` when the connection is in order again.
    func abandonRows(_ id: UInt64, over: @escaping @Sendable () -> Void) {
        guard let queue = rowQueues.removeValue(forKey: id) else { return over() }
        queue.whenOver(over)
        stop(queue, id)
    }

    private func stopRows(_ id: UInt64) {
        if let queue = rowQueues[id] { stop(queue, id) }
    }

    private func stop(_ queue: RowQueue, _ id: UInt64) {
        guard queue.end == nil else { return }
        queue.discard()
        cancel(id)
        resumeReading()
    }

    /// The most bytes of rows that waited at any time.
    func mostRowBytes(_ id: UInt64) -> Int { rowQueues[id]?.mostBytes ?? 0 }

    /// The socket is not even looked at, so that a server that hangs up wakes nobody in vain.
    func pauseReading() {
        if let socket { Reactor.shared.unwatch(socket) }
        socket = nil
    }

    private func resumeReading() {
        guard socket == nil, let handle else { return }
        socket = watch(handle)
        guard socket != nil else { return die(PostgresError(.connectionLost, "the socket cannot be watched")) }
        wantsToWrite = false
        flush()
        // What libpq has read already makes no socket ready.
        socketIsReady(true)
    }
}
