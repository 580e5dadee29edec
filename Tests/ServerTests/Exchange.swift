/// Requests as text.
enum Exchange {
    static func request(
        _ method: String = "POST", _ target: String = "/graphql", body: String = "", _ headers: [String: String] = [:],
        bearer: String? = "sb_good"
    ) -> String {
        var fields = ["Host": "localhost"]
        if let bearer { fields["Authorization"] = "Bearer \(bearer)" }
        if method == "POST" {
            fields["Content-Type"] = "application/json"
            fields["Content-Length"] = String(body.utf8.count)
        }
        // An empty value takes a header away.
        for (name, value) in headers { fields[name] = value.isEmpty ? nil : value }
        let lines = fields.map { "\($0): \($1)\r\n" }.sorted().joined()
        return "\(method) \(target) HTTP/1.1\r\n\(lines)\r\n\(body)"
    }
}

/// One request as text, with the headers that most tests need.
func request(
    _ method: String = "POST", _ target: String = "/graphql", body: String = "", _ headers: [String: String] = [:],
    bearer: String? = "sb_good"
) -> String {
    Exchange.request(method, target, body: body, headers, bearer: bearer)
}

/// Sends one request on a connection of its own.
func ask(_ port: Int, _ text: String) async throws -> RawConnection.Response {
    try await RawConnection.with(port: port) { connection in
        try await connection.send(text)
        return try await connection.response(toHead: text.hasPrefix("HEAD"))
    }
}

/// The status of the answer; `nil` where none comes.
func status(_ port: Int, _ text: String) async -> Int? {
    try? await ask(port, text).status
}

/// A document as the body of a POST.
func body(_ document: String) -> String {
    "{\"query\":\"\(document.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"}"
}
