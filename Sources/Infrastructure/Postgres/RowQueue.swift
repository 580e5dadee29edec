import Sockets

/// Rows on their way from a connection to whoever reads them. Lives in the reactor's turn, like the connection.
///
/// It is full at `limit` bytes; then the connection reads no more from its socket until some are taken, so a slow reader
/// slows the server down and nothing piles up here.
final class RowQueue {
    private(set) var rows: [PostgresResult] = []
    private var bytes = 0
    /// The most that it ever held, in bytes.
    private(set) var mostBytes = 0
    /// Once the unit of work is over.
    private(set) var end: Result<Void, PostgresError>?
    private var waiting: CheckedContinuation<Void, Never>?
    private var onEnd: (@Sendable () -> Void)?
    /// Nobody reads any more: what still comes is dropped.
    private var isDiscarding = false

    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var isFull: Bool { bytes >= limit }
    var isEmpty: Bool { rows.isEmpty && end == nil }

    func append(_ row: PostgresResult) {
        guard !isDiscarding else { return }
        rows.append(row)
        bytes += row.memorySize
        mostBytes = max(mostBytes, bytes)
        wake()
    }

    func finish(_ result: Result<Void, PostgresError>) {
        end = result
        wake()
        onEnd?()
        onEnd = nil
    }

    func take() -> [PostgresResult] {
        defer {
            rows = []
            bytes = 0
        }
        return rows
    }

    func discard() {
        isDiscarding = true
        _ = take()
    }

    /// Calls `action` once the unit is over, which may be now.
    func whenOver(_ action: @escaping @Sendable () -> Void) {
        if end == nil { onEnd = action } else { action() }
    }

    /// Resumes when there is something to take, which may be now. In turn, as everything here.
    func wait(_ continuation: CheckedContinuation<Void, Never>) {
        Reactor.shared.checkIsolated()
        if isEmpty { waiting = continuation } else { continuation.resume() }
    }

    private func wake() {
        waiting?.resume()
        waiting = nil
    }
}
