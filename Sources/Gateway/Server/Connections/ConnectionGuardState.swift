import GraphQL
import HTTPTypes
import QueryEngine

/// What a connection is in the midst of: parts of requests and responses in, what to do with them out.
struct ConnectionGuardState {
    enum ReadAction: Sendable {
        /// Give it on; `startsBody` when more parts of the same request follow.
        case forward(startsBody: Bool)
        /// Likewise, and tell the client that its body is wanted (RFC 9110, section 10.1.1).
        case forwardAskingForBody
        case discard
        case refuse(ConnectionRefusal)
        case close
    }

    /// More connections are open than may be: the first request hears so.
    var isTurnedAway = false
    /// The last answer was written; what still comes in is thrown away.
    var isClosing = false
    /// Between a request's head and its end.
    private(set) var isReadingBody = false
    /// Requests read whose answers are not yet written.
    private var unanswered = 0
    private var hasBegunAnswer = false
    private var closesAfterAnswer = false
    private var bodyBytes = 0

    /// A request is under way.
    var isAnswering: Bool { unanswered > 0 }

    /// The body that is late belongs to the only request, and nothing of an answer is written yet.
    var mayRefuseSlowBody: Bool { unanswered == 1 && !hasBegunAnswer }

    mutating func readHead(_ head: HTTPRequest, limits: ServerLimits) -> ReadAction {
        if isClosing { return .discard }
        // An answer of an earlier request must not be cut in two: it is written first, and then the connection closes.
        let mayRefuse = unanswered == 0
        if isTurnedAway { return mayRefuse ? .refuse(.tooManyConnections) : .close }
        let size = head.headerFields.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count }
        if size > limits.headers { return mayRefuse ? .refuse(.headersTooLarge) : .close }
        if (head.path?.utf8.count ?? 0) > limits.target { return mayRefuse ? .refuse(.targetTooLong) : .close }
        unanswered += 1
        isReadingBody = true
        bodyBytes = 0
        let expectsContinue = head.headerFields[.expect]?.lowercased() == "100-continue"
        let length = head.headerFields[.contentLength].flatMap(Int.init) ?? 0
        if expectsContinue, mayRefuse, length <= max(limits.graphQLBody, limits.hookBody) {
            return .forwardAskingForBody
        }
        return .forward(startsBody: true)
    }

    mutating func readBody(_ count: Int, limits: ServerLimits) -> ReadAction {
        bodyBytes += count
        if bodyBytes > limits.discardedBody { return .close }
        return isClosing ? .discard : .forward(startsBody: false)
    }

    mutating func readEnd() -> ReadAction {
        isReadingBody = false
        return isClosing ? .discard : .forward(startsBody: false)
    }

    /// - Returns: whether the connection closes once this is written.
    mutating func writeHead(_ head: HTTPResponse) -> Bool {
        if head.status.kind != .informational {
            hasBegunAnswer = true
            closesAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
        }
        return false
    }

    /// - Returns: whether the connection closes once this is written.
    mutating func writeEnd() -> Bool {
        unanswered = max(unanswered - 1, 0)
        hasBegunAnswer = false
        return closesAfterAnswer
    }
}

/// Why a connection is answered without a request being made of it.
enum ConnectionRefusal: Sendable {
    case tooManyConnections
    case headersTooLarge
    case targetTooLong
    case malformed
    case tooSlow

    var refusal: Refusal {
        switch self {
        case .tooManyConnections:
            Refusal(
                .serviceUnavailable, .unavailable, "Too many connections are open; try again in a moment.",
                headers: [.retryAfter: "1"])
        case .headersTooLarge:
            Refusal(
                .requestHeaderFieldsTooLarge, .headersTooLarge, "The headers are too large; send fewer or shorter ones."
            )
        case .targetTooLong:
            Refusal(.uriTooLong, .targetTooLong, "The URL is too long; send the operation by POST.")
        case .malformed:
            Refusal(.badRequest, .badRequest, "This is not a well-formed HTTP/1.1 request.")
        case .tooSlow:
            Refusal(.requestTimeout, .requestTimeout, "The body did not arrive in time; send it again, faster.")
        }
    }
}
