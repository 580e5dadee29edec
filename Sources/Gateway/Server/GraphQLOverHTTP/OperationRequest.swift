import GraphQL
import OrderedCollections

/// One operation as HTTP carried it (GraphQL over HTTP, "Request Parameters"). Its document is sent, or named, or both.
package struct OperationRequest: Sendable {
    /// The document in UTF-8.
    package var text: [UInt8]?
    /// The document's name: `documentId`, or `extensions.persistedQuery`.
    var identifier: DocumentIdentifier?
    var operationName: String?
    /// Not yet coerced.
    var variables: OrderedDictionary<String, JSONValue> = [:]
    /// False for a GET.
    var allowsMutation = true
}
