import NIOCore
import NIOHTTP1

/// What a connection is in the midst of: parts of requests and answers in, what to do with them out.
///
/// Requests have their turn one after the other, in the order in which they came: what belongs to a later one waits in
/// line until the one before it is answered, read to its end and over.
struct ConnectionState {
    enum Part {
        case head(RequestHead)
        case body(ByteBuffer)
        case end
        /// No request comes after this.
        case malformed(ConnectionRefusal)
    }

    enum Action {
        /// The request's turn. `asksForBody` when its client waits to be told that its body is wanted (RFC 9110, section
        /// 10.1.1).
        case begin(RequestHead, asksForBody: Bool)
        case body(ByteBuffer)
        case bodyEnded
        case refuse(ConnectionRefusal)
        /// A client that was being told why it is refused has said all it had to say.
        case closeOutput
        case close
    }

    enum AnswerEnd {
        case goOn
        /// The answer was the last one; `afterBody` when the client is still sending.
        case closeSoon(afterBody: Bool)
    }

    /// The request whose turn it is.
    private struct Turn {
        var isReadingBody = true
        var hasBegunAnswer = false
        var isAnswered = false
        /// Whoever answered it has nothing more to do with it.
        var isOver = false
        var closesAfterAnswer = false
        var bodyBytes = 0
    }

    /// More connections are open than may be: the first request hears so.
    var isTurnedAway = false
    /// No further request is begun after the one under way.
    var isDraining = false
    /// The client leaves what was sent unread; nothing more is begun for it.
    var isStalled = false
    /// The client will send nothing more.
    var hasInputEnded = false
    /// The last answer was written; what still comes in is thrown away.
    private(set) var isClosing = false
    /// Bytes in line, with something for each part's own room.
    private(set) var waitingBytes = 0
    private var turn: Turn?
    private var line = CircularBuffer<Part>()
    private var isReadingDiscarded = false
    private var discardedBytes = 0

    private let limits: ServerLimits

    init(limits: ServerLimits) {
        self.limits = limits
    }

    /// A request is under way.
    var isAnswering: Bool { turn != nil }

    /// Nothing is under way, and nothing in line.
    var isIdle: Bool { turn == nil && line.isEmpty }

    /// A body is on its way that nobody refused.
    var isReadingBody: Bool { turn?.isReadingBody ?? false }

    /// The answer of the request under way can still be another one.
    var mayRefuse: Bool { turn.map { !$0.hasBegunAnswer } ?? true }

    // MARK: In

    /// - Returns: what to do now; `nil` when it waits in line.
    mutating func read(_ part: Part) -> Action? {
        if isClosing { return discard(part) }
        guard line.isEmpty, canTake(part) else {
            line.append(part)
            waitingBytes += Self.room(of: part)
            return nil
        }
        return take(part)
    }

    /// A request that came whole, at once, if its turn has come and nothing stands against it.
    mutating func readWhole(_ head: RequestHead) -> Bool {
        guard turn == nil, line.isEmpty, !isStalled, !isClosing, !isTurnedAway else { return false }
        turn = Turn(isReadingBody: false, closesAfterAnswer: !head.line.isKeepAlive || isDraining)
        return true
    }

    /// What is next in line, if its turn has come.
    mutating func next() -> Action? {
        while !isClosing, let part = line.first, canTake(part) {
            line.removeFirst()
            waitingBytes -= Self.room(of: part)
            if let action = take(part) { return action }
        }
        return nil
    }

    private func canTake(_ part: Part) -> Bool {
        switch part {
        case .head: turn == nil && !isStalled
        case .body, .end: turn != nil
        case .malformed: turn?.isReadingBody ?? true
        }
    }

    private mutating func take(_ part: Part) -> Action? {
        switch part {
        case .head(let head): return takeHead(head)
        case .body(let bytes):
            turn?.bodyBytes += bytes.readableBytes
            guard let turn, turn.bodyBytes <= limits.discardedBody else { return .close }
            return turn.isAnswered ? nil : .body(bytes)
        case .end:
            turn?.isReadingBody = false
            endTurn()
            return .bodyEnded
        case .malformed(let refusal):
            // An answer must not be cut in two by another one.
            return mayRefuse ? .refuse(refusal) : .close
        }
    }

    private mutating func takeHead(_ head: RequestHead) -> Action {
        if isTurnedAway { return .refuse(.tooManyConnections) }
        let fields = head.fields
        if fields.size > limits.headers { return .refuse(.headersTooLarge) }
        if head.line.uri.utf8.count > limits.target { return .refuse(.targetTooLong) }
        turn = Turn(closesAfterAnswer: !head.line.isKeepAlive || isDraining)
        guard let expectation = fields[.expect], expectation.lowercased() == "100-continue" else {
            return .begin(head, asksForBody: false)
        }
        let length = fields[.contentLength].flatMap(Int.init) ?? 0
        return .begin(head, asksForBody: length <= max(limits.graphQLBody, limits.hookBody))
    }

    private mutating func discard(_ part: Part) -> Action? {
        switch part {
        case .head, .malformed: return nil
        case .body(let bytes):
            discardedBytes += bytes.readableBytes
            return discardedBytes > limits.discardedBody ? .close : nil
        case .end:
            let wasAwaited = isReadingDiscarded
            isReadingDiscarded = false
            return wasAwaited ? .closeOutput : nil
        }
    }

    // MARK: Out

    /// The head of an answer is about to be written.
    /// - Returns: whether the connection closes after it.
    mutating func beginAnswer(closes: Bool) -> Bool {
        turn?.hasBegunAnswer = true
        if closes || isDraining { turn?.closesAfterAnswer = true }
        return turn?.closesAfterAnswer ?? true
    }

    /// The end of an answer was written.
    mutating func endAnswer() -> AnswerEnd {
        turn?.isAnswered = true
        guard let turn, turn.closesAfterAnswer else {
            endTurn()
            return .goOn
        }
        return .closeSoon(afterBody: turn.isReadingBody)
    }

    /// Whoever answered the request is done with it.
    mutating func endRequest() {
        turn?.isOver = true
        endTurn()
    }

    /// Nothing more is answered.
    mutating func close() {
        isReadingDiscarded = turn?.isReadingBody ?? false
        isClosing = true
        turn = nil
        line.removeAll()
        waitingBytes = 0
    }

    private mutating func endTurn() {
        if let turn, turn.isAnswered, turn.isOver, !turn.isReadingBody { self.turn = nil }
    }

    /// A part takes memory even where it holds nothing.
    private static func room(of part: Part) -> Int {
        switch part {
        case .head(let head): 256 + head.fields.size
        case .body(let bytes): 256 + bytes.readableBytes
        case .end, .malformed: 256
        }
    }
}
