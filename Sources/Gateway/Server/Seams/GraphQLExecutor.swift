package import NIOCore
package import QueryEngine

/// Carries out operations. The query engine is one; tests bring their own.
package protocol GraphQLExecutor: Sendable {
    associatedtype Events: AsyncSequence<GraphQLEvent, Never> & Sendable

    /// A query or a mutation. A subscription is answered with `.wrongOperationType`.
    func execute(_ request: EngineRequest, for caller: Caller) async -> GraphQLAnswer

    /// A subscription; anything else ends after one event with `.wrongOperationType`. Errors before the first event
    /// come as the only event.
    ///
    /// - Parameters:
    ///   - eventID: of `Last-Event-ID`: the stream goes on after it.
    ///   - revalidate: whether the caller may still listen.
    func events(
        of request: EngineRequest, for caller: Caller, after eventID: String?,
        revalidate: @escaping @Sendable () async -> Bool
    ) async -> Events
}

/// A response ready for the wire, and what the status line must know of it.
package struct GraphQLAnswer: Sendable {
    /// `nil` when the operation was executed, also when fields of it failed.
    package let failure: EngineResponse.Failure?
    /// The response object in JSON.
    package let json: ByteBuffer
    /// Whether the plan came from the cache.
    package let isCached: Bool

    package init(failure: EngineResponse.Failure?, json: ByteBuffer, isCached: Bool = false) {
        self.failure = failure
        self.json = json
        self.isCached = isCached
    }
}

/// One event of a subscription.
package struct GraphQLEvent: Sendable {
    /// Opaque; comes back in `Last-Event-ID`.
    package let id: String?
    package let answer: GraphQLAnswer

    package init(id: String?, answer: GraphQLAnswer) {
        self.id = id
        self.answer = answer
    }
}
