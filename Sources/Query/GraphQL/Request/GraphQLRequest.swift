package import OrderedCollections

/// What a client asks (GraphQL over HTTP, “Request Parameters”).
package struct GraphQLRequest: Sendable, Hashable {
    /// The document's UTF-8; `nil` where the extensions name a persisted document instead.
    package let query: [UInt8]?
    package let operationName: String?
    package let variables: OrderedDictionary<String, JSONValue>
    package let extensions: OrderedDictionary<String, JSONValue>

    package init(
        query: [UInt8]?, operationName: String? = nil, variables: OrderedDictionary<String, JSONValue> = [:],
        extensions: OrderedDictionary<String, JSONValue> = [:]
    ) {
        self.query = query
        self.operationName = operationName
        self.variables = variables
        self.extensions = extensions
    }

    /// From one JSON object. `null` counts as absent; unknown members are ignored.
    ///
    /// - Throws: `badRequest` naming the member that is wrong.
    package init(_ json: JSONValue) throws(GraphQLError) {
        guard case .object(let members) = json else {
            throw GraphQLError("The request must be a JSON object.", code: .badRequest)
        }
        func member(_ name: String) -> JSONValue? {
            members[name].flatMap { $0 == .null ? nil : $0 }
        }
        func object(_ name: String) throws(GraphQLError) -> OrderedDictionary<String, JSONValue> {
            switch member(name) {
            case nil: return [:]
            case .object(let object)?: return object
            default: throw GraphQLError("“\(name)” must be an object.", code: .badRequest)
            }
        }
        func string(_ name: String) throws(GraphQLError) -> String? {
            switch member(name) {
            case nil: return nil
            case .string(let text)?: return text
            default: throw GraphQLError("“\(name)” must be a string.", code: .badRequest)
            }
        }
        query = try string("query").map { Array($0.utf8) }
        operationName = try string("operationName")
        variables = try object("variables")
        extensions = try object("extensions")
        try checkQuery()
    }

    /// From the parameters of a GET request, already percent-decoded.
    ///
    /// - Throws: `badRequest` naming the parameter that is wrong or stands twice.
    package init(queryItems: some Sequence<(name: String, value: String)>) throws(GraphQLError) {
        let known: Set<String> = ["query", "operationName", "variables", "extensions"]
        var parameters: [String: String] = [:]
        for (name, value) in queryItems where known.contains(name) {
            guard parameters.updateValue(value, forKey: name) == nil else {
                throw GraphQLError("Parameter “\(name)” is given twice.", code: .badRequest)
            }
        }
        func object(_ name: String) throws(GraphQLError) -> OrderedDictionary<String, JSONValue> {
            guard let text = parameters[name], !text.isEmpty else { return [:] }
            let json: JSONValue
            do throws(JSONError) {
                json = try JSONValue(parsing: Array(text.utf8))
            } catch {
                throw GraphQLError("“\(name)” is not JSON. \(error.message)", code: .badRequest)
            }
            switch json {
            case .null: return [:]
            case .object(let object): return object
            default: throw GraphQLError("“\(name)” must be a JSON object.", code: .badRequest)
            }
        }
        query = parameters["query"].map { Array($0.utf8) }
        operationName = parameters["operationName"].flatMap { $0.isEmpty ? nil : $0 }
        variables = try object("variables")
        extensions = try object("extensions")
        try checkQuery()
    }

    private func checkQuery() throws(GraphQLError) {
        guard query != nil || extensions["persistedQuery"] != nil else {
            throw GraphQLError("“query” is missing: it must hold a GraphQL document.", code: .badRequest)
        }
    }
}

/// The body of a POST request: one request, or several in an array.
package enum GraphQLRequestBody: Sendable, Hashable {
    case single(GraphQLRequest)
    /// At least one.
    case batch([GraphQLRequest])

    /// - Parameters:
    ///   - body: JSON in UTF-8.
    ///   - batchLimit: how many requests an array may hold; 0 where arrays are refused.
    ///   - depthLimit: how deep the JSON may nest.
    /// - Throws: `badRequest`, or `batchTooLarge` with what was measured and what is allowed.
    package init(parsing body: [UInt8], batchLimit: Int = 0, depthLimit: Int = 64) throws(GraphQLError) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: body, depthLimit: depthLimit)
        } catch {
            throw GraphQLError(
                "The body is not JSON. \(error.message)", code: .badRequest,
                extensions: ["offset": .int(Int64(error.offset))])
        }
        guard case .array(let items) = json, batchLimit > 0 else {
            self = .single(try GraphQLRequest(json))
            return
        }
        guard !items.isEmpty else { throw GraphQLError("The batch is empty.", code: .badRequest) }
        guard items.count <= batchLimit else {
            throw .limit(
                "The batch has \(items.count) requests; \(batchLimit) are allowed.", code: .batchTooLarge,
                measured: items.count, limit: batchLimit)
        }
        var requests: [GraphQLRequest] = []
        for item in items { requests.append(try GraphQLRequest(item)) }
        self = .batch(requests)
    }
}
