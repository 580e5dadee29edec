import Curl
import Foundation
import GraphQL
import OrderedCollections

/// Somebody with an API key.
struct Client: Sendable {
    let name: String
    let url: String
    let apiKey: String
    let transport: HTTPTransport
    let console: Console

    /// The whole response. Throws when it is no GraphQL response.
    func ask(_ document: String, _ variables: JSONValue = [:]) async throws -> JSONValue {
        console.request(name, document, variables)
        let response = try await transport.send(request(document, variables, accept: "application/json"))
        let answer: JSONValue
        do {
            answer = try JSONValue(parsing: response.body)
        } catch {
            throw Failure(
                "Status \(response.status) with a body that is no JSON: "
                    + String(decoding: response.body.prefix(200), as: UTF8.self))
        }
        console.answer(answer)
        return answer
    }

    /// The `data` of a response without errors.
    func data(_ document: String, _ variables: JSONValue = [:]) async throws -> JSONValue {
        let answer = try await ask(document, variables)
        guard answer["errors"] == nil, let data = answer["data"] else {
            throw Failure("\(name) got errors: \(answer["errors"]?.compact ?? "no data")")
        }
        return data
    }

    /// The responses of a subscription, as they come.
    func subscribe(_ document: String) async throws -> AsyncThrowingStream<JSONValue, any Error> {
        console.request(name, document, [:])
        var request = request(document, [:], accept: "text/event-stream")
        request.totalTimeout = nil
        let stream = try await transport.stream(request)
        guard stream.status == 200 else { throw Failure("The subscription was answered with status \(stream.status).") }
        return AsyncThrowingStream { continuation in
            let reader = Task {
                var events = ServerSentEvents()
                do {
                    for try await chunk in stream.chunks {
                        for event in events.feed(chunk) where event.name == "next" {
                            continuation.yield(try JSONValue(parsing: Array(event.data.utf8)))
                        }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in reader.cancel() }
        }
    }

    private func request(_ document: String, _ variables: JSONValue, accept: String) -> HTTPRequest {
        var body: [UInt8] = []
        JSONValue.object(["query": .string(document), "variables": variables]).write(to: &body)
        return HTTPRequest(
            .post, url,
            headers: [
                "Content-Type": "application/json", "Accept": accept, "Authorization": "Bearer \(apiKey)",
            ],
            body: body)
    }
}

/// Splits an event stream (the HTML standard, "Server-sent events") into events.
struct ServerSentEvents {
    struct Event {
        let name: String
        let data: String
    }

    private var rest: [UInt8] = []
    private var name = ""
    private var data: [String] = []

    mutating func feed(_ bytes: [UInt8]) -> [Event] {
        rest += bytes
        var events: [Event] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            var line = String(decoding: rest[..<end], as: UTF8.self)
            rest.removeFirst(end + 1)
            if line.hasSuffix("\r") { line.removeLast() }
            if line.isEmpty {
                if !name.isEmpty || !data.isEmpty {
                    events.append(Event(name: name, data: data.joined(separator: "\n")))
                }
                (name, data) = ("", [])
            } else if let value = value(of: line, field: "event") {
                name = value
            } else if let value = value(of: line, field: "data") {
                data.append(value)
            }
        }
        return events
    }

    private func value(of line: String, field: String) -> String? {
        guard line.hasPrefix(field + ":") else { return nil }
        let value = line.dropFirst(field.count + 1)
        return String(value.hasPrefix(" ") ? value.dropFirst() : value)
    }
}

/// Something that was expected and is not so.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
