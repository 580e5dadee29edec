package import GraphQL

/// Why an operation is not executed at all. Everything that can be known before the database is touched ends here.
struct Refusal: Error {
    let failure: EngineResponse.Failure
    let errors: [GraphQLError]

    init(_ failure: EngineResponse.Failure, _ errors: [GraphQLError]) {
        self.failure = failure
        self.errors = errors
    }

    init(_ failure: EngineResponse.Failure, _ error: GraphQLError) {
        self.init(failure, [error])
    }

    init(_ error: GraphQLError) {
        self.init(.request, [error])
    }
}

extension ErrorCode {
    /// The caller's role may not ask this.
    package static let forbidden = ErrorCode(rawValue: "FORBIDDEN")
    /// Nobody has signed in, or what was shown is no longer valid.
    package static let unauthenticated = ErrorCode(rawValue: "UNAUTHENTICATED")
    /// The operation could read more than is allowed.
    package static let costExceeded = ErrorCode(rawValue: "COST_EXCEEDED")
    /// A filter holds more conditions than are allowed.
    package static let filterTooLarge = ErrorCode(rawValue: "FILTER_TOO_LARGE")
    /// `first` or `last` is negative, above the maximum, or both are given.
    package static let badPageSize = ErrorCode(rawValue: "BAD_PAGE_SIZE")
    /// A cursor that this connection, in this order, did not give out.
    package static let badCursor = ErrorCode(rawValue: "BAD_CURSOR")
    /// An event id that this subscription did not give out.
    package static let badEventID = ErrorCode(rawValue: "BAD_EVENT_ID")
    /// What happened after this event is no longer kept: query anew, then subscribe without an event id.
    package static let eventIDTooOld = ErrorCode(rawValue: "EVENT_ID_TOO_OLD")
    /// A mutation by GET.
    package static let mutationNotAllowed = ErrorCode(rawValue: "MUTATION_NOT_ALLOWED")
    /// A subscription where no stream was asked for, or a stream of what is no subscription.
    package static let wrongOperationType = ErrorCode(rawValue: "WRONG_OPERATION_TYPE")
    /// A fault of the server. `errorId` is in the log as well.
    package static let `internal` = ErrorCode(rawValue: "INTERNAL")
    /// The request took longer than it may.
    package static let timeout = ErrorCode(rawValue: "TIMEOUT")
    /// The database cannot be reached or is too busy; trying again later makes sense.
    package static let unavailable = ErrorCode(rawValue: "UNAVAILABLE")
    /// The request was given up before it was answered.
    package static let cancelled = ErrorCode(rawValue: "CANCELLED")
    /// A whole number is beyond GraphQL's 32 bits.
    package static let intOutOfRange = ErrorCode(rawValue: "INT_OUT_OF_RANGE")
}
