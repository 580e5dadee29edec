package import GraphQL
package import OrderedCollections

/// One operation to carry out, as the edge read it from HTTP.
package struct EngineRequest: Sendable {
    /// The document in UTF-8, exactly as received: the cache is keyed by these bytes.
    package var document: [UInt8]
    package var operationName: String?
    /// Not yet coerced.
    package var variables: OrderedDictionary<String, JSONValue>
    /// False for a GET: a mutation is then refused before anything is done, with `failure == .mutationNotAllowed`.
    package var allowsMutation: Bool
    /// Whether a connection may be asked for beyond the maximum page: the response then has an `export`. For those who can
    /// hand it on piece by piece.
    package var allowsExport = false

    package init(
        document: [UInt8], operationName: String? = nil, variables: OrderedDictionary<String, JSONValue> = [:],
        allowsMutation: Bool = true
    ) {
        self.document = document
        self.operationName = operationName
        self.variables = variables
        self.allowsMutation = allowsMutation
    }

    package init(
        _ document: String, operationName: String? = nil, variables: OrderedDictionary<String, JSONValue> = [:]
    ) {
        self.init(document: Array(document.utf8), operationName: operationName, variables: variables)
    }
}
