import NIOCore
import NIOHTTP1
import QueryEngine
import Sockets

/// One connection, between its socket and the rooms. It makes requests of the parser's parts, has them answered one after
/// the other, writes the answers, and turns away what is too large, too slow or too many.
///
/// What happens in which order is `ConnectionState`'s; this carries it out.
///
/// `@unchecked Sendable`: all of it is touched in the reactor's turn alone.
final class Connection: StreamSocketOwner, @unchecked Sendable {
    /// Begins to answer a request without a task, and gives back how to cancel that; `nil` where nothing was begun.
    typealias Begin = @Sendable (Request, ClientPresence) -> (@Sendable () -> Void)?

    /// Answers one request; it is over when this returns. An answer that is not finished then ends the connection.
    typealias Respond = @Sendable (Request, ClientPresence) async -> Void

    /// What all connections have in common.
    struct Settings: Sendable {
        let limits: ServerLimits
        let timeouts: ServerTimeouts
        let connections: OpenConnections
        let begin: Begin
        let respond: Respond
    }

    /// How much of what a client sends may wait here before no more is read, in bytes.
    private static let watermark = 65_536

    let settings: Settings
    private let presence: ClientPresence
    let socket: StreamSocket
    /// Until the connection is over.
    private var parser: RequestParser?
    private var familiar = FamiliarHead()
    var state: ConnectionState
    var current: Running?
    var deadlines = ConnectionDeadlines()
    /// The parser is in the midst of what was read; what is written goes out when it is through.
    var isReading = false
    private var isAdvancing = false
    var mustFlush = false
    var isFlushDue = false
    /// Where heads are written, and what goes out with them, of all connections: nearly always it is on its way when the next
    /// one begins.
    nonisolated(unsafe) static var head = ByteBuffer()

    /// The request whose turn it is.
    struct Running {
        let request: Request
        var exchange: Exchange { request.exchange }
        var cancel: (@Sendable () -> Void)?
        var isStarted = false
        var isOver = false
        var isAnswered = false
    }

    /// On the reactor's own thread. Follow with `open`.
    init(_ settings: Settings, _ arrival: ListeningSocket.Arrival) {
        self.settings = settings
        socket = arrival.socket
        presence = ClientPresence(address: arrival.address)
        state = ConnectionState(limits: settings.limits)
    }

    // MARK: The connection's beginning and end

    func open() {
        // The parser's own limits are only a wall behind ours: what passes it is answered by what it is.
        let wall = max(settings.limits.headers, settings.limits.target) + 65_536
        // Its events come while this calls it.
        parser = try? RequestParser(wall: wall) { [unowned self] in parsed($0) }
        guard socket.open(for: self) else {
            parser?.close()
            return
        }
        let entry = settings.connections.enter(self)
        state.isTurnedAway = !entry.isWithinLimit
        state.isDraining = entry.isDraining
        deadlines.noteActivity()
        awaitRequest()
        if entry.isDraining { socket.close() }
    }

    func closed() {
        presence.leave()
        current?.exchange.breakOff()
        deadlines.cancel()
        state.close()
        parser?.close()
        parser = nil
        settings.connections.close()
        // What a request has begun with others may have to come to its end without a client.
        if current.map({ $0.isOver || !$0.isStarted }) ?? true { end() }
    }

    private func end() {
        current = nil
        settings.connections.end(self)
    }

    /// What all connections are told.
    func hear(_ signal: OpenConnections.Signal) {
        switch signal {
        case .drain:
            state.isDraining = true
            guard state.isIdle, !state.isClosing else { break }
            // An answer may still be on its way out.
            if socket.unsentBytes == 0 { socket.close() } else { closeSoon(afterBody: false) }
        case .cut:
            current?.cancel?()
            socket.close()
        }
    }

    // MARK: In

    func received(_ bytes: UnsafeRawBufferPointer) {
        guard let parser else { return }
        isReading = true
        if let (head, body) = familiar.request(in: bytes), state.readWhole(head) {
            deadlines.noteActivity()
            begin(head, asksForBody: false)
            current?.exchange.receive(body)
            current?.exchange.endBody()
        } else {
            parser.read(ByteBuffer(bytes: bytes))
            familiar.parsed(bytes)
        }
        isReading = false
        // Most bodies come along with their head; whose does not is answered as far as it can be without.
        startRequest()
        flushIfDue()
    }

    func inputEnded() {
        parser?.endInput()
    }

    private func parsed(_ event: RequestParser.Event) {
        // Bytes alone are none: a head that never ends comes byte by byte, too.
        if event.isPart { deadlines.noteActivity() }
        switch event {
        case .head(let head):
            let head = RequestHead(head)
            familiar.found(head)
            read(.head(head))
        case .body(let bytes):
            familiar.found(bytes)
            read(.body(bytes))
        case .end:
            familiar.foundEnd()
            read(.end)
        case .malformed(let refusal): read(.malformed(refusal))
        case .unreadable: socket.close()
        case .inputEnded:
            // A client that closes looks like one that closes its half only; nobody of either kind is known to wait for
            // an answer, and other servers take it as the end, too.
            state.hasInputEnded = true
            presence.leave()
            closeIfThrough()
        }
    }

    /// Reads on if there is room for more, and else leaves it to wait where it is.
    func readOn() {
        let held = state.waitingBytes + (current?.exchange.waitingBytes ?? 0)
        socket.read(held <= Self.watermark || state.isClosing)
    }

    private func read(_ part: ConnectionState.Part) {
        if let action = state.read(part) { perform(action) }
        advance()
    }

    /// Does what is next in line, until somebody has to be waited for.
    func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        while let action = state.next() { perform(action) }
        isAdvancing = false
        if !isReading { startRequest() }
        readOn()
        closeIfThrough()
    }

    /// Nothing more comes, and everything is answered: once that has gone out, the connection is over.
    private func closeIfThrough() {
        guard state.isIdle, state.hasInputEnded, !state.isClosing, socket.isOpen else { return }
        flush()
        socket.closeOutput()
    }

    private func perform(_ action: ConnectionState.Action) {
        guard socket.isOpen else { return }
        switch action {
        case .begin(let head, let asksForBody): begin(head, asksForBody: asksForBody)
        case .body(let bytes): current?.exchange.receive(bytes)
        case .bodyEnded:
            deadlines.body.cancel()
            current?.exchange.endBody()
            startRequest()
            if !state.isAnswering { current = nil }
        case .refuse(let refusal): refuse(refusal)
        case .closeOutput: socket.closeOutput()
        case .close: socket.close()
        }
    }

    // MARK: Requests

    private func begin(_ head: RequestHead, asksForBody: Bool) {
        current = Running(request: Request(head, Exchange(head.line, self)))
        guard asksForBody else { return }
        var answer = ByteBuffer()
        answer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        write(answer)
        if !isReading { flush() }
    }

    private func startRequest() {
        guard let running = current, !running.isStarted, socket.isOpen else { return }
        current?.isStarted = true
        if state.isReadingBody {
            deadlines.body.start(after: settings.timeouts.body) { [self] in
                if state.mayRefuse { refuse(.tooSlow) } else { socket.close() }
            }
        }
        if !state.isReadingBody, let cancel = settings.begin(running.request, presence) {
            // Unless it has ended already, or become a task.
            if current?.cancel == nil { follow(cancel, of: running.exchange, isForClientAlone: true) }
        } else {
            run(running.request)
        }
    }

    /// Somebody began to answer it without a task, and could not bring it to its end.
    func run(_ exchange: Exchange) {
        guard let current, isUnderWay(exchange) else { return }
        presence.follow(nil)
        run(current.request)
    }

    private func run(_ request: Request) {
        let (presence, respond) = (presence, settings.respond)
        // No group holds it: `OpenConnections` knows the connection for as long as it lasts.
        let task = Task {
            await respond(request, presence)
            request.exchange.isOver()
        }
        follow({ task.cancel() }, of: request.exchange)
    }

    private func follow(
        _ cancel: @escaping @Sendable () -> Void, of exchange: Exchange, isForClientAlone: Bool = false
    ) {
        guard isUnderWay(exchange) else { return }
        current?.cancel = cancel
        presence.follow(cancel, isForClientAlone: isForClientAlone)
    }

    private func isUnderWay(_ exchange: Exchange) -> Bool {
        current?.exchange === exchange && current?.isOver == false
    }

    func requestIsOver(_ exchange: Exchange) {
        guard current?.exchange === exchange else { return }
        current?.isOver = true
        presence.follow(nil)
        guard socket.isOpen else {
            // Whoever closed it just now is told so soon, and ends it then.
            if parser == nil { end() }
            return
        }
        guard !state.isClosing else { return }
        guard current?.isAnswered == true else { return socket.close() }
        state.endRequest()
        if !state.isAnswering { current = nil }
        deadlines.noteActivity()
        advance()
    }

    // MARK: The end

    private func refuse(_ refusal: ConnectionRefusal) {
        let refusal = refusal.refusal
        let body = refusal.json
        Self.head.clear()
        var fields = refusal.headers
        fields[.contentType] = ResponseMediaType.json.contentType
        fields[.connection] = "close"
        Self.head.writeHead(refusal.status, fields, .length(body.readableBytes))
        Self.head.writeStaticString("\r\n")
        write(Self.head)
        write(body)
        flush()
        let running = current
        closeSoon(afterBody: false)
        running?.exchange.breakOff()
    }

    /// Ends the connection so that the client hears the answer: closing a socket with unread bytes resets it, and a
    /// reset can overtake what was written. So what still comes is read and thrown away for a moment. A client that is
    /// in the midst of its body may not look before it has sent it, and hears nothing of an end until then.
    func closeSoon(afterBody: Bool) {
        state.close()
        if afterBody {
            deadlines.body.start(after: settings.timeouts.body) { [socket] in socket.close() }
        } else {
            // First everything must go out; only then the client is given a moment to hang up.
            deadlines.body.start(after: settings.timeouts.stalledWrite) { [socket] in socket.close() }
            socket.closeOutput { [self] in
                deadlines.body.start(after: .seconds(5)) { [socket] in socket.close() }
            }
        }
        readOn()
    }

    /// Between requests, and while one is on its way in.
    private func awaitRequest() {
        deadlines.startIdle(after: settings.timeouts.idle) { [self] in
            state.isAnswering && !state.isReadingBody || state.isClosing
        } onIdle: { [socket] in
            socket.close()
        }
    }
}
