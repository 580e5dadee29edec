import HTTPTypes

/// The methods of `/graphql`.
enum GraphQLMethod: Sendable {
    case get
    case post

    init(_ method: HTTPRequest.Method) throws(Refusal) {
        switch method {
        case .get: self = .get
        case .post: self = .post
        default:
            throw Refusal(
                .methodNotAllowed, .methodNotAllowed, "Use POST, or GET for queries.", headers: [.allow: "GET, POST"])
        }
    }
}
