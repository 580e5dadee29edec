import GraphQL
import Postgres
import QueryEngine

/// Which documents this server runs.
package enum DocumentPolicy: Sendable {
    /// Any that a client sends; those that it registered also by their hash, unless `persisted` is `nil`.
    case any(persisted: PersistedQueries?)
    /// Only these.
    case trusted(TrustedDocuments)

    /// Finds the document of a request.
    ///
    /// - Throws: what is wrong with how the document is named. The codes and messages for hashes are those of Apollo's
    ///   protocol, which its clients look for.
    func engineRequest(
        for request: OperationRequest, of organization: OrganizationID?
    ) throws(Refusal) -> EngineRequest {
        let document =
            switch self {
            case .any(let persisted): try document(of: request, persisted, organization)
            case .trusted(let trusted): try document(of: request, trusted)
            }
        return EngineRequest(
            document: document, operationName: request.operationName, variables: request.variables,
            allowsMutation: request.allowsMutation)
    }

    private func document(
        of request: OperationRequest, _ persisted: PersistedQueries?, _ organization: OrganizationID?
    ) throws(Refusal) -> [UInt8] {
        guard let text = request.text else {
            guard let persisted else { throw Self.notSupported }
            guard case .hash(let hash)? = request.identifier,
                let known = persisted.document(hash, of: organization)
            else { throw Self.notFound }
            return known
        }
        if let persisted, case .hash(let hash)? = request.identifier {
            // Byte for byte what is kept already needs no hashing.
            guard persisted.document(hash, of: organization) != text else { return text }
            guard DocumentHash(of: text) == hash else { throw Self.mismatch }
            persisted.register(text, as: hash, for: organization)
        }
        return text
    }

    private func document(of request: OperationRequest, _ trusted: TrustedDocuments) throws(Refusal) -> [UInt8] {
        let named = request.identifier.flatMap { trusted.document($0) }
        guard let text = request.text else {
            guard let named else { throw Self.notTrusted }
            return named
        }
        guard let sent = trusted.document(text: text) else { throw Self.notTrusted }
        guard request.identifier == nil || named == sent else { throw Self.mismatch }
        return sent
    }

    // Apollo's clients take another status than 200 for a broken connection, and would not send the document.
    private static let notFound = Refusal(.ok, .persistedQueryNotFound, "PersistedQueryNotFound")
    private static let notSupported = Refusal(.ok, .persistedQueryNotSupported, "PersistedQueryNotSupported")
    private static let mismatch = Refusal(
        .badRequest, .persistedQueryMismatch,
        "The hash that names the document is not that of the document; send the SHA-256 of its UTF-8.")
    private static let notTrusted = Refusal(
        .forbidden, .documentNotTrusted,
        """
        This server runs only the documents that it was given; ask for one of them by "documentId", or send its very \
        text as "query".
        """)
}

extension ErrorCode {
    static let persistedQueryNotFound = ErrorCode(rawValue: "PERSISTED_QUERY_NOT_FOUND")
    static let persistedQueryNotSupported = ErrorCode(rawValue: "PERSISTED_QUERY_NOT_SUPPORTED")
    static let persistedQueryMismatch = ErrorCode(rawValue: "PERSISTED_QUERY_HASH_MISMATCH")
    static let documentNotTrusted = ErrorCode(rawValue: "DOCUMENT_NOT_TRUSTED")
}
