import QueryEngine

/// Which status a GraphQL answer has. GraphQL over HTTP, as the public audit suite asks for it; later drafts answer 422
/// to what does not validate and 294 to partial data, and moving there means changing this file.
enum StatusTable {
    static func status(for failure: EngineResponse.Failure?, as mediaType: ResponseMediaType) -> Status {
        // A stream has begun before anything is known, and says everything in its events.
        if mediaType == .eventStream { return .ok }
        switch failure {
        case nil: return .ok
        case .request: return mediaType == .json ? .ok : .badRequest
        case .forbidden: return .forbidden
        case .unauthenticated: return .unauthorized
        case .mutationNotAllowed: return .methodNotAllowed
        case .wrongOperationType: return .notAcceptable
        }
    }
}
