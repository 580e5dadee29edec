import NIOCore
import NIOHTTP1

/// One request and its answer, as the rooms see them: they collect the body, and send the answer at once or piece by piece.
///
/// `@unchecked`: what changes is touched on the connection's event loop alone. That is where a request's task runs; what
/// comes from elsewhere goes there first.
final class Exchange: @unchecked Sendable {
    struct ClientGone: Error {}

    /// HTTP/1.0 knows neither chunks nor connections that stay.
    let isHTTP10: Bool
    let isForHead: Bool
    let keepsAlive: Bool
    private let connection: Connection
    private let eventLoop: any EventLoop
    private var body = RequestBody()
    private var collector: (limit: Int, continuation: CheckedContinuation<RequestBody.Outcome, Never>)?
    /// Somebody who has more to say than the client has read.
    private var writer: CheckedContinuation<Bool, Never>?

    /// On the event loop.
    init(_ head: HTTPRequestHead, _ connection: Connection, _ eventLoop: any EventLoop) {
        isHTTP10 = head.version.major == 1 && head.version.minor == 0
        isForHead = head.method == .HEAD
        keepsAlive = head.isKeepAlive
        self.connection = connection
        self.eventLoop = eventLoop
    }

    // MARK: For the rooms

    /// The whole body; `nil` as soon as it turns out to be longer than `limit` bytes.
    nonisolated(nonsending) func collect(upTo limit: Int) async throws -> ByteBuffer? {
        if eventLoop.inEventLoop, let known = outcome(upTo: limit) { return try Self.bytes(known) }
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<RequestBody.Outcome, Never>) in
            onLoop { [self] in
                if let known = self.outcome(upTo: limit) { return continuation.resume(returning: known) }
                collector = (limit, continuation)
                connection.readOn()
            }
        }
        return try Self.bytes(outcome)
    }

    /// Sends a whole answer.
    /// - Returns: whether there was still a connection to send it on.
    nonisolated(nonsending) func send(_ status: Status, _ fields: AnswerFields, _ body: ByteBuffer) async -> Bool {
        if eventLoop.inEventLoop { return connection.send(status, fields, body, of: self) }
        return await atLoop { [self] in connection.send(status, fields, body, of: self) }
    }

    /// Begins an answer of unknown length.
    nonisolated(nonsending) func begin(_ status: Status, _ fields: AnswerFields) async throws {
        guard await atLoop({ [self] in connection.begin(status, fields, of: self) }) else { throw ClientGone() }
    }

    /// Sends a piece of it, and waits until there is room for another.
    nonisolated(nonsending) func write(_ piece: ByteBuffer) async throws {
        guard await atLoop({ [self] in connection.write(piece, of: self) }) else { throw ClientGone() }
        if eventLoop.inEventLoop, connection.hasRoom { return }
        let isHere = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            onLoop { [self] in
                if connection.hasRoom { return continuation.resume(returning: true) }
                writer = continuation
            }
        }
        guard isHere else { throw ClientGone() }
    }

    /// Ends it; without this, the client cannot take it for a whole one.
    nonisolated(nonsending) func finish() async throws {
        guard await atLoop({ [self] in connection.finish(self) }) else { throw ClientGone() }
    }

    /// The request's task has nothing more to do.
    func isOver() {
        onLoop { [self] in connection.requestIsOver(self) }
    }

    nonisolated(nonsending) private func atLoop(_ step: @escaping @Sendable () -> Bool) async -> Bool {
        if eventLoop.inEventLoop { return step() }
        return await withCheckedContinuation { continuation in
            onLoop { continuation.resume(returning: step()) }
        }
    }

    private func onLoop(_ step: @escaping @Sendable () -> Void) {
        if eventLoop.inEventLoop { step() } else { eventLoop.execute(step) }
    }

    private func outcome(upTo limit: Int) -> RequestBody.Outcome? {
        let outcome = body.outcome(upTo: limit)
        if outcome != nil { body.letGo() }
        return outcome
    }

    private static func bytes(_ outcome: RequestBody.Outcome) throws -> ByteBuffer? {
        switch outcome {
        case .whole(let bytes): bytes
        case .tooLong: nil
        case .broken: throw ClientGone()
        }
    }

    // MARK: For the connection, on the event loop

    /// Bytes of the body that nobody has come for.
    var waitingBytes: Int { body.waitingBytes }

    func receive(_ bytes: ByteBuffer) {
        body.append(bytes)
        tellCollector()
    }

    func endBody() {
        body.finish()
        tellCollector()
    }

    /// The rest of the body is not wanted.
    func dropBody() {
        body.letGo()
        tellCollector()
    }

    /// The client has read what was written; `false` when it is gone.
    func goOn(_ isHere: Bool) {
        writer?.resume(returning: isHere)
        writer = nil
    }

    /// Nothing more comes, and nothing more goes out.
    func breakOff() {
        body.fail()
        tellCollector()
        goOn(false)
    }

    private func tellCollector() {
        guard let (limit, continuation) = collector, let known = outcome(upTo: limit) else { return }
        collector = nil
        continuation.resume(returning: known)
    }
}
