import NIOHTTP1

/// The methods of `/graphql`.
enum GraphQLMethod: Sendable {
    case get
    case post

    init(_ method: HTTPMethod) throws(Refusal) {
        switch method {
        case .GET: self = .get
        case .POST: self = .post
        default:
            throw Refusal(
                .methodNotAllowed, .methodNotAllowed, "Use POST, or GET for queries.", headers: [.allow: "GET, POST"])
        }
    }
}
