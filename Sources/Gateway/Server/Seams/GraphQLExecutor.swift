package import NIOCore
package import QueryEngine

/// Carries out operations. The query engine is one; tests bring their own.
package protocol GraphQLExecutor: Sendable {
    associatedtype Events: AsyncSequence<GraphQLEvent, Never> & Sendable

    /// A query or a mutation. A subscription is answered with `.wrongOperationType`.
    nonisolated(nonsending) func execute(_ request: EngineRequest, for caller: Caller) async -> GraphQLAnswer

    /// Begins a query that needs no task to wait for it.
    ///
    /// - Parameters:
    ///   - memo: for what is made of this very request, and what was made of it before.
    ///   - ifAllowed: asked once, when nothing else can keep it from being begun.
    ///   - done: called once if it was begun, on any thread, maybe before this returns; with `nil` when it has to be
    ///     carried out by `execute` after all.
    /// - Returns: how to cancel it; `nil` where nothing was begun, since it is for `execute` to carry out, or to refuse.
    func begin(
        _ request: EngineRequest, for caller: Caller, memo: QueryMemo?, ifAllowed: () -> Bool,
        done: @escaping @Sendable (EngineResponse?) -> Void
    ) -> (@Sendable () -> Void)?

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

extension GraphQLExecutor {
    package func begin(
        _ request: EngineRequest, for caller: Caller, memo: QueryMemo?, ifAllowed: () -> Bool,
        done: @escaping @Sendable (EngineResponse?) -> Void
    ) -> (@Sendable () -> Void)? { nil }
}

/// A response ready for the wire, and what the status line must know of it.
package struct GraphQLAnswer: Sendable {
    /// `nil` when the operation was executed, also when fields of it failed.
    package let failure: EngineResponse.Failure?
    /// The response object in JSON.
    package let json: ByteBuffer
    /// Whether the plan came from the cache.
    package let isCached: Bool
    /// The response object instead of `json`, in pieces; only where `EngineRequest.allowsExport` was said.
    package let pieces: AnswerPieces?

    package init(
        failure: EngineResponse.Failure?, json: ByteBuffer, isCached: Bool = false, pieces: AnswerPieces? = nil
    ) {
        self.pieces = pieces
        self.failure = failure
        self.json = json
        self.isCached = isCached
    }
}

/// A response object of any size, made while it is written.
package struct AnswerPieces: Sendable {
    /// Gives each piece to `write`, which waits until there is room for it. When it throws, what was written is no response.
    let run: @Sendable (_ write: (ByteBuffer) async throws -> Void) async throws -> Void
    /// Nobody wants the rest; `run` throws soon.
    let cancel: @Sendable () -> Void

    package init(
        run: @escaping @Sendable (_ write: (ByteBuffer) async throws -> Void) async throws -> Void,
        cancel: @escaping @Sendable () -> Void
    ) {
        self.run = run
        self.cancel = cancel
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
