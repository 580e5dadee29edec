/// Who waits for a transfer: a caller that wants the whole answer, or one that reads it as it comes.
struct Receiver: Sendable {
    typealias Whole = CheckedContinuation<Result<HTTPResponse, TransportError>, Never>
    typealias Head = CheckedContinuation<Result<HTTPStream, TransportError>, Never>
    typealias Chunks = AsyncThrowingStream<[UInt8], any Error>

    static let waitingChunks = 4096

    private enum State {
        case whole(Whole)
        case streamBeforeHead(Head, chunks: Chunks, feed: Chunks.Continuation)
        case stream(Chunks.Continuation)
        case ended
    }

    private var state: State

    let isStream: Bool

    init(whole: Whole) {
        isStream = false
        state = .whole(whole)
    }

    init(head: Head, chunks: Chunks, feed: Chunks.Continuation) {
        isStream = true
        state = .streamBeforeHead(head, chunks: chunks, feed: feed)
    }

    mutating func head(status: Int, headers: HTTPHeaders) {
        guard case .streamBeforeHead(let head, let chunks, let feed) = state else { return }
        state = .stream(feed)
        head.resume(returning: .success(HTTPStream(status: status, headers: headers, chunks: chunks)))
    }

    /// False when the reader has let too many chunks wait, or is gone.
    func chunk(_ bytes: [UInt8]) -> Bool {
        guard case .stream(let feed) = state else { return false }
        if case .enqueued = feed.yield(bytes) { return true }
        return false
    }

    mutating func end(_ outcome: Result<HTTPResponse, TransportError>) {
        let before = state
        state = .ended
        switch before {
        case .whole(let continuation):
            continuation.resume(returning: outcome)
        case .streamBeforeHead(let head, let chunks, let feed):
            head.resume(
                returning: outcome.map { HTTPStream(status: $0.status, headers: $0.headers, chunks: chunks) })
            feed.finish()
        case .stream(let feed):
            switch outcome {
            case .success: feed.finish()
            case .failure(let error): feed.finish(throwing: error)
            }
        case .ended:
            break
        }
    }
}
