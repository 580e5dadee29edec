import NIOCore
package import QueryEngine

extension Engine: GraphQLExecutor {
    package func execute(_ request: EngineRequest, for caller: Caller) async -> GraphQLAnswer {
        GraphQLAnswer(await execute(request, caller: caller))
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
    /// Copies the pieces once, from where PostgreSQL's bytes lie into what goes to the socket.
    init(_ response: EngineResponse) {
        var json = ByteBuffer()
        json.reserveCapacity(response.byteCount)
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
