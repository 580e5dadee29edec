package import GraphQL
import NIOCore
import OrderedCollections

/// What a request is answered with.
struct Reply: Sendable {
    enum Body: Sendable {
        case bytes(ByteBuffer)
        /// Server-Sent Events for as long as they last.
        case events(LiveStream)
        /// A JSON document of any size, in pieces.
        case pieces(AnswerPieces)
    }

    var status: Status
    var headers: AnswerFields
    var body: Body

    init(_ status: Status, headers: AnswerFields = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = .bytes(body)
    }

    init(_ status: Status, contentType: String, body: ByteBuffer) {
        self.init(status, headers: [.contentType: contentType], body: body)
    }

    init(events: LiveStream) {
        status = .ok
        headers = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache, no-transform",
            .accelBuffering: "no",
        ]
        body = .events(events)
    }

    init(pieces: AnswerPieces, contentType: String) {
        status = .ok
        headers = [.contentType: contentType]
        body = .pieces(pieces)
    }

    var isStream: Bool {
        if case .events = body { true } else { false }
    }
}

/// A request that is not carried out: one sentence for a person, one code for a program, one status.
package struct Refusal: Error, Sendable {
    let status: Status
    package let code: ErrorCode
    package let message: String
    var headers: AnswerFields = [:]
    /// What else stands in `extensions`.
    var details: [(String, JSONValue)] = []

    init(
        _ status: Status, _ code: ErrorCode, _ message: String, headers: AnswerFields = [:],
        details: [(String, JSONValue)] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
        self.details = details
    }

    /// The refusal in the shape of a GraphQL response, which has no `data` since nothing was executed.
    var json: ByteBuffer {
        var error = GraphQLError(message, code: code)
        for (key, value) in details { error.extensions[key] = value }
        return ByteBuffer(bytes: JSONValue.object(["errors": .array([error.jsonValue])]).bytes)
    }

    func reply(as mediaType: ResponseMediaType = .json) -> Reply {
        var reply = Reply(status, contentType: mediaType.contentType, body: json)
        for (name, value) in headers.all { reply.headers.append(name, value) }
        return reply
    }

    /// Whether it is the operation that is refused and not the HTTP request: then a stream tells it in an event
    /// (graphql-sse, "Distinct connections mode").
    var isOfOperation: Bool {
        status == .badRequest || status == .ok || code == .documentNotTrusted
    }

    static func seconds(_ duration: Duration) -> String {
        String(max(1, Int((duration / .seconds(1)).rounded(.up))))
    }
}

extension ErrorCode {
    static let notFound = ErrorCode(rawValue: "NOT_FOUND")
    static let methodNotAllowed = ErrorCode(rawValue: "METHOD_NOT_ALLOWED")
    static let notAcceptable = ErrorCode(rawValue: "NOT_ACCEPTABLE")
    static let unsupportedMediaType = ErrorCode(rawValue: "UNSUPPORTED_MEDIA_TYPE")
    static let bodyTooLarge = ErrorCode(rawValue: "BODY_TOO_LARGE")
    static let targetTooLong = ErrorCode(rawValue: "URI_TOO_LONG")
    static let headersTooLarge = ErrorCode(rawValue: "HEADERS_TOO_LARGE")
    static let requestTimeout = ErrorCode(rawValue: "REQUEST_TIMEOUT")
    static let tooManyRequests = ErrorCode(rawValue: "TOO_MANY_REQUESTS")
    static let preflightRequired = ErrorCode(rawValue: "PREFLIGHT_REQUIRED")
}
