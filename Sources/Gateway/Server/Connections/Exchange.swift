import NIOCore
import NIOHTTP1
import QueryEngine
import Sockets

/// One request and its answer, as the rooms see them: they collect the body, and send the answer at once or piece by piece.
///
/// `@unchecked`: what changes is touched in the reactor's turn alone; what comes from elsewhere waits for that first.
final class Exchange: @unchecked Sendable {
    struct ClientGone: Error {}

    /// Somebody who waits for the whole body.
    private final class Collector {
        let limit: Int
        let continuation: CheckedContinuation<RequestBody.Outcome, Never>

        init(_ limit: Int, _ continuation: CheckedContinuation<RequestBody.Outcome, Never>) {
            self.limit = limit
            self.continuation = continuation
        }
    }

    /// HTTP/1.0 knows neither chunks nor connections that stay.
    let isHTTP10: Bool
    let isForHead: Bool
    let keepsAlive: Bool
    private let connection: Connection
    private var body = RequestBody()
    private var collector: Collector?
    /// Somebody who has more to say than the client has read.
    private var writer: CheckedContinuation<Bool, Never>?

    init(_ head: HTTPRequestHead, _ connection: Connection) {
        isHTTP10 = head.version.major == 1 && head.version.minor == 0
        isForHead = head.method == .HEAD
        keepsAlive = head.isKeepAlive
        self.connection = connection
    }

    // MARK: For the rooms

    /// The whole body; `nil` as soon as it turns out to be longer than `limit` bytes.
    nonisolated(nonsending) func collect(upTo limit: Int) async throws -> ByteBuffer? {
        if Reactor.shared.hasTurn, let known = outcome(upTo: limit) { return try Self.bytes(known) }
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<RequestBody.Outcome, Never>) in
            perform { [self] in
                if let known = self.outcome(upTo: limit) { return continuation.resume(returning: known) }
                collector = Collector(limit, continuation)
                connection.readOn()
            }
        }
        return try Self.bytes(outcome)
    }

    /// Sends a whole answer.
    /// - Returns: whether there was still a connection to send it on.
    nonisolated(nonsending) func send(_ status: Status, _ fields: AnswerFields, _ body: ByteBuffer) async -> Bool {
        if Reactor.shared.hasTurn { return connection.send(status, fields, body, of: self) }
        return await inTurn { [self] in connection.send(status, fields, body, of: self) }
    }

    /// Begins an answer of unknown length.
    nonisolated(nonsending) func begin(_ status: Status, _ fields: AnswerFields) async throws {
        guard await inTurn({ [self] in connection.begin(status, fields, of: self) }) else { throw ClientGone() }
    }

    /// Sends a piece of it, and waits until there is room for another.
    nonisolated(nonsending) func write(_ piece: ByteBuffer) async throws {
        guard await inTurn({ [self] in connection.write(piece, of: self) }) else { throw ClientGone() }
        if Reactor.shared.hasTurn, connection.hasRoom { return }
        let isHere = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            perform { [self] in
                if connection.hasRoom { return continuation.resume(returning: true) }
                writer = continuation
            }
        }
        guard isHere else { throw ClientGone() }
    }

    /// Ends it; without this, the client cannot take it for a whole one.
    nonisolated(nonsending) func finish() async throws {
        guard await inTurn({ [self] in connection.finish(self) }) else { throw ClientGone() }
    }

    /// The body, if all of it is here and no more than `limit` bytes; it stays for `collect`.
    func wholeBody(upTo limit: Int) -> ByteBuffer? {
        body.whole(upTo: limit)
    }

    /// Sends a whole answer to a request without a task, and ends the request.
    /// - Parameter then: called before it ends, with whether there was still a connection to send it on.
    func answer(
        _ status: Status, _ fields: AnswerFields, _ body: EngineResponse, then: @escaping @Sendable (Bool) -> Void
    ) {
        perform { [self] in
            then(connection.send(status, fields, body, of: self))
            connection.requestIsOver(self)
        }
    }

    /// What was begun without a task needs one.
    func runAfterAll() {
        perform { [self] in connection.run(self) }
    }

    /// The request's task has nothing more to do.
    func isOver() {
        perform { [self] in connection.requestIsOver(self) }
    }

    nonisolated(nonsending) private func inTurn(_ step: @escaping @Sendable () -> Bool) async -> Bool {
        if Reactor.shared.hasTurn { return step() }
        return await withCheckedContinuation { continuation in
            perform { continuation.resume(returning: step()) }
        }
    }

    private func perform(_ step: @escaping @Sendable () -> Void) {
        if Reactor.shared.hasTurn { step() } else { Reactor.shared.perform(step) }
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

    // MARK: For the connection, in the reactor's turn

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
        guard let collector, let known = outcome(upTo: collector.limit) else { return }
        self.collector = nil
        collector.continuation.resume(returning: known)
    }
}
