import GraphQL
import HTTPTypes
import OrderedCollections
import QueryEngine

/// What one HTTP request asks the engine.
enum Operations: Sendable {
    case single(EngineRequest)
    /// An array of operations, answered by an array in the same order.
    case batch([EngineRequest])
}

/// Reads operations from bodies and queries (GraphQL over HTTP, "Request Parameters").
struct OperationReader: Sendable {
    let batchLimit: Int

    /// The body of a POST.
    func operations(body: [UInt8]) throws(Refusal) -> Operations {
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

    /// The parameters of a GET, whose mutations are refused.
    func operation(parameters: FormParameters) throws(Refusal) -> EngineRequest {
        guard let query = parameters["query"], !query.isEmpty else {
            throw Self.badRequest("The parameter \"query\" is missing; it holds the GraphQL document.")
        }
        var request = EngineRequest(document: Array(query.utf8), allowsMutation: false)
        if let name = parameters["operationName"], !name.isEmpty { request.operationName = name }
        if let text = parameters["variables"], !text.isEmpty {
            let value = try json(Array(text.utf8), called: "\"variables\"")
            request.variables = try object(value, called: "variables") ?? [:]
        }
        if let text = parameters["extensions"], !text.isEmpty {
            _ = try object(try json(Array(text.utf8), called: "\"extensions\""), called: "extensions")
        }
        return request
    }

    private func batch(_ items: [JSONValue]) throws(Refusal) -> [EngineRequest] {
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
        var requests: [EngineRequest] = []
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

    private func operation(_ members: OrderedDictionary<String, JSONValue>) throws(Refusal) -> EngineRequest {
        guard let query = members["query"], query != .null else {
            throw Self.badRequest("\"query\" is missing; it holds the GraphQL document.")
        }
        guard case .string(let document) = query else {
            throw Self.badRequest("\"query\" must be a string; this is \(Self.kind(query)).")
        }
        var request = EngineRequest(document: Array(document.utf8))
        switch members["operationName"] {
        case nil, .null: break
        case .string(let name): request.operationName = name.isEmpty ? nil : name
        case .some(let other):
            throw Self.badRequest("\"operationName\" must be a string; this is \(Self.kind(other)).")
        }
        request.variables = try object(members["variables"] ?? .null, called: "variables") ?? [:]
        _ = try object(members["extensions"] ?? .null, called: "extensions")
        return request
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
