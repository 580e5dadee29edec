import Curl
import GraphQL

/// Somebody who speaks HTTP to a demo.
struct Caller: Sendable {
    private let transport: HTTPTransport

    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue { get throws { try JSONValue(parsing: body) } }
        /// The first error of a GraphQL response.
        var error: JSONValue? { get throws { try json["errors"]?.arrayValue?.first } }
    }

    static func with<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (Caller) async throws -> Result
    ) async throws -> Result {
        let transport = try HTTPTransport()
        do {
            let result = try await body(Caller(transport: transport))
            await transport.shutdown()
            return result
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    func get(_ url: String) async throws -> Answer {
        try await send(HTTPRequest(.get, url))
    }

    func post(_ url: String, _ body: [UInt8], headers: [(String, String)]) async throws -> Answer {
        try await send(
            HTTPRequest(.post, url, headers: HTTPHeaders(headers.map { .init(name: $0.0, value: $0.1) }), body: body))
    }

    /// A GraphQL request, whatever the answer.
    func ask(
        _ url: String, _ document: String, _ variables: JSONValue = [:], key: String?,
        accept: String = "application/json"
    ) async throws -> Answer {
        let body: JSONValue = ["query": .string(document), "variables": variables]
        var headers = [("Content-Type", "application/json"), ("Accept", accept)]
        if let key { headers.append(("Authorization", "Bearer \(key)")) }
        return try await post(url, body.bytes, headers: headers)
    }

    /// The data of a GraphQL response without errors.
    func data(
        _ demo: Demo, _ document: String, _ variables: JSONValue = [:], key: String
    ) async throws -> JSONValue {
        let answer = try await ask(try demo.text("graphql"), document, variables, key: key)
        let json = try answer.json
        guard json["errors"] == nil, let data = json["data"] else { throw Unexpected(answer.text) }
        return data
    }

    /// As the owner of a Twilio account asks the carrier.
    func asAccount(_ clinic: Demo.Clinic, _ url: String) async throws -> Answer {
        let token = Array(clinic.authToken.utf8)
        return try await send(
            HTTPRequest(
                .get, url,
                basicAuthentication: BasicAuthentication(username: clinic.accountSid) { body in
                    token.withUnsafeBytes(body)
                }))
    }

    func asAccount(_ clinic: Demo.Clinic, posting form: String, to url: String) async throws -> Answer {
        let token = Array(clinic.authToken.utf8)
        return try await send(
            HTTPRequest(
                .post, url, headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(form.utf8),
                basicAuthentication: BasicAuthentication(username: clinic.accountSid) { body in
                    token.withUnsafeBytes(body)
                }))
    }

    func asAccount(_ clinic: Demo.Clinic, deleting url: String) async throws -> Answer {
        let token = Array(clinic.authToken.utf8)
        return try await send(
            HTTPRequest(
                .delete, url,
                basicAuthentication: BasicAuthentication(username: clinic.accountSid) { body in
                    token.withUnsafeBytes(body)
                }))
    }

    /// A subscription, as Server-Sent Events.
    func stream(_ url: String, _ document: String, key: String) async throws -> HTTPStream {
        let body: JSONValue = ["query": .string(document)]
        return try await transport.stream(
            HTTPRequest(
                .post, url,
                headers: [
                    "Content-Type": "application/json", "Accept": "text/event-stream", "Authorization": "Bearer \(key)",
                ], body: body.bytes))
    }

    private func send(_ request: HTTPRequest) async throws -> Answer {
        let response = try await transport.send(request)
        return Answer(status: response.status, body: response.body)
    }
}
