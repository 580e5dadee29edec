import GraphQL
import QueryEngine

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
