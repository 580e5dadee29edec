import GraphQL
import OrderedCollections

/// What one HTTP request asks the engine.
package enum Operations: Sendable {
    case single(OperationRequest)
    /// An array of operations, answered by an array in the same order.
    case batch([OperationRequest])
}

/// Reads operations from bodies and queries (GraphQL over HTTP, "Request Parameters").
package struct OperationReader: Sendable {
    /// How many operations an array may hold; below 2 arrays are refused.
    package let batchLimit: Int

    package init(batchLimit: Int) {
        self.batchLimit = batchLimit
    }

    /// The body of a POST.
    ///
    /// - Throws: a refusal with the status, the code and a sentence that names the member that is wrong.
    package func operations(body: [UInt8]) throws(Refusal) -> Operations {
        guard !body.isEmpty else {
            throw Self.badRequest("The body is empty; send a JSON object with \"query\" in it.")
        }
        let value = try json(body, called: "The body")
        switch value {
        case .object(let members): return .single(try operation(members))
        case .array(let items): return .batch(try batch(items))
        default:
            throw Self.badRequest("The body must be a JSON object with \"query\" in it; this is \(Self.kind(value)).")
        }
    }

    /// The parameters of a GET, whose mutations are refused. An empty one counts as absent.
    ///
    /// - Throws: a refusal, as `operations(body:)` does.
    package func operation(parameters: FormParameters) throws(Refusal) -> OperationRequest {
        var request = OperationRequest(allowsMutation: false)
        if let query = parameters["query"], !query.isEmpty { request.text = Array(query.utf8) }
        if let name = parameters["operationName"], !name.isEmpty { request.operationName = name }
        request.variables = try object(parameters, "variables")
        let id = parameters["documentId"].flatMap { $0.isEmpty ? nil : $0 }
        request.identifier = try identifier(documentID: id, extensions: try object(parameters, "extensions"))
        guard request.text != nil || request.identifier != nil else {
            throw Self.badRequest("The parameter \"query\" is missing; it holds the GraphQL document.")
        }
        return request
    }

    private func batch(_ items: [JSONValue]) throws(Refusal) -> [OperationRequest] {
        guard batchLimit > 1 else {
            throw Refusal(
                .badRequest, .batchTooLarge,
                "This server takes one operation in a request; send an object, not an array.",
                details: [("measured", .int(Int64(items.count))), ("limit", .int(1))])
        }
        guard items.count <= batchLimit else {
            throw Refusal(
                .badRequest, .batchTooLarge,
                "The batch has \(items.count) operations and at most \(batchLimit) are allowed; send several requests.",
                details: [("measured", .int(Int64(items.count))), ("limit", .int(Int64(batchLimit)))])
        }
        guard !items.isEmpty else {
            throw Self.badRequest("The batch is empty; send an object with \"query\" in it, or an array of such.")
        }
        var requests: [OperationRequest] = []
        for (index, item) in items.enumerated() {
            guard case .object(let members) = item else {
                throw Self.badRequest(
                    """
                    Element \(index) of the batch must be a JSON object with "query" in it; \
                    this is \(Self.kind(item)).
                    """)
            }
            requests.append(try operation(members))
        }
        return requests
    }

    private func operation(_ members: OrderedDictionary<String, JSONValue>) throws(Refusal) -> OperationRequest {
        var request = OperationRequest()
        request.text = try string(members, "query").map { Array($0.utf8) }
        if let name = try string(members, "operationName"), !name.isEmpty { request.operationName = name }
        request.variables = try object(members["variables"] ?? .null, called: "variables") ?? [:]
        request.identifier = try identifier(
            documentID: try string(members, "documentId"),
            extensions: try object(members["extensions"] ?? .null, called: "extensions") ?? [:])
        guard request.text != nil || request.identifier != nil else {
            throw Self.badRequest("\"query\" is missing; it holds the GraphQL document.")
        }
        return request
    }

    /// How the request names its document. Extensions that this server does not know are passed over.
    private func identifier(
        documentID: String?, extensions: OrderedDictionary<String, JSONValue>
    ) throws(Refusal) -> DocumentIdentifier? {
        let named = documentID.map { DocumentIdentifier(documentID: $0) }
        guard let persisted = try object(extensions["persistedQuery"] ?? .null, called: "extensions.persistedQuery")
        else { return named }
        guard persisted["version"] == 1 else {
            throw Self.badRequest("\"extensions.persistedQuery.version\" must be 1.")
        }
        guard case .string(let text)? = persisted["sha256Hash"], let hash = DocumentHash(hexadecimal: text) else {
            throw Self.badRequest(
                "\"extensions.persistedQuery.sha256Hash\" must be a string of 64 hexadecimal digits.")
        }
        guard named == nil || named == .hash(hash) else {
            throw Self.badRequest(
                "\"documentId\" and \"extensions.persistedQuery\" name different documents; send one of them.")
        }
        return .hash(hash)
    }

    /// `nil` for `null`, which counts as absent.
    private func string(
        _ members: OrderedDictionary<String, JSONValue>, _ name: String
    ) throws(Refusal) -> String? {
        switch members[name] {
        case nil, .null: return nil
        case .string(let text): return text
        case .some(let other): throw Self.badRequest("\"\(name)\" must be a string; this is \(Self.kind(other)).")
        }
    }

    /// A parameter that holds JSON.
    private func object(
        _ parameters: FormParameters, _ name: String
    ) throws(Refusal) -> OrderedDictionary<String, JSONValue> {
        guard let text = parameters[name], !text.isEmpty else { return [:] }
        return try object(try json(Array(text.utf8), called: "\"\(name)\""), called: name) ?? [:]
    }

    /// `nil` for `null`, which counts as absent.
    private func object(
        _ value: JSONValue, called name: String
    ) throws(Refusal) -> OrderedDictionary<String, JSONValue>? {
        switch value {
        case .null: return nil
        case .object(let members): return members
        default: throw Self.badRequest("\"\(name)\" must be a JSON object; this is \(Self.kind(value)).")
        }
    }

    private func json(_ bytes: [UInt8], called name: String) throws(Refusal) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            let place = TextPlace(offset: error.offset, in: bytes)
            throw Refusal(
                .badRequest, .badRequest,
                "\(name) is not JSON: \(error.message) (line \(place.line), column \(place.column)).",
                details: [("line", .int(Int64(place.line))), ("column", .int(Int64(place.column)))])
        }
    }

    private static func badRequest(_ message: String) -> Refusal {
        Refusal(.badRequest, .badRequest, message)
    }

    /// What a person calls it.
    private static func kind(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .int, .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Line and column, counted from 1; columns in Unicode scalars.
struct TextPlace: Sendable, Hashable {
    private(set) var line = 1
    private(set) var column = 1

    init(offset: Int, in bytes: [UInt8]) {
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }
}
