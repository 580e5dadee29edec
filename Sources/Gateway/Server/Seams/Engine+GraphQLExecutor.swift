import NIOCore
import Postgres
package import QueryEngine

extension Engine: GraphQLExecutor {
    nonisolated(nonsending) package func execute(_ request: EngineRequest, for caller: Caller) async -> GraphQLAnswer {
        GraphQLAnswer(await execute(request, caller: caller))
    }

    package func begin(
        _ request: EngineRequest, for caller: Caller, memo: QueryMemo?, ifAllowed: () -> Bool,
        done: @escaping @Sendable (EngineResponse?) -> Void
    ) -> (@Sendable () -> Void)? {
        let read = begin(request, caller: caller, memo: memo, ifAllowed: ifAllowed, done: done)
        guard let read else { return nil }
        return { read.cancel() }
    }

    package func events(
        of request: EngineRequest, for caller: Caller, after eventID: String?,
        revalidate: @escaping @Sendable () async -> Bool
    ) async -> AsyncMapSequence<EventStream, GraphQLEvent> {
        await subscribe(request, caller: caller, after: eventID, revalidate: revalidate)
            .map { GraphQLEvent(id: $0.id, answer: GraphQLAnswer($0.response)) }
    }
}

extension GraphQLAnswer {
    /// In bytes. An answer's head is half as long.
    private static let roomForHead = 512

    /// Copies the pieces once, from where PostgreSQL's bytes lie into what goes to the socket.
    init(_ response: EngineResponse) {
        var json = ByteBuffer()
        // The head of the answer is put before it, so that both go out in one piece.
        json.reserveCapacity(GraphQLAnswer.roomForHead + response.byteCount)
        json.moveWriterIndex(forwardBy: GraphQLAnswer.roomForHead)
        json.moveReaderIndex(forwardBy: GraphQLAnswer.roomForHead)
        response.forEachPiece { json.writeBytes($0) }
        self.init(
            failure: response.failure, json: json, isCached: response.isCached,
            pieces: response.export.map(AnswerPieces.init))
    }
}

extension AnswerPieces {
    /// Copies each row once, likewise.
    init(_ export: Export) {
        self.init { write in
            for try await piece in export {
                var bytes = ByteBuffer()
                bytes.reserveCapacity(piece.byteCount)
                piece.forEachPiece { bytes.writeBytes($0) }
                try await write(bytes)
            }
        } cancel: {
            export.cancel()
        }
    }
}
