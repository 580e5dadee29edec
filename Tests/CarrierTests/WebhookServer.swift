import Foundation
import Synchronization
import TestServer
import Twilio
import Vault

/// A customer's webhook server: answers by path, keeps what came, and checks each signature as the product does.
final class WebhookServer: Sendable {
    private struct State: Sendable {
        var answers: [String: String] = [:]
        var received: [(path: String, form: FormBody, body: String)] = []
        var refused: [String] = []
    }

    private let state: Shared
    private let server: RawServer

    private final class Shared: Sendable {
        let state = Mutex(State())
    }

    init(token: String) throws {
        let keys = WebhookSignature.Keys(authTokens: [SharedSecret(try Secret(token))])
        let shared = Shared()
        state = shared
        server = try RawServer { connection in
            while let request = connection.readRequest() {
                let form = (try? FormBody(decoding: request.body)) ?? FormBody()
                let isJSON = request.headers["content-type"]?.contains("json") == true
                let verdict = WebhookSignature.validate(
                    url: "http://" + (request.headers["host"] ?? "") + request.target,
                    content: request.method == "GET" ? .none : isJSON ? .body(request.body) : .form(form),
                    signature: request.headers["x-twilio-signature"], settings: nil, keys: keys)
                let path = String(request.target.prefix { $0 != "?" })
                let isToken = request.headers["i-twilio-idempotency-token"]?.isEmpty == false
                let answer = shared.state.withLock { state in
                    if verdict != .signedByToken(0) { state.refused.append("\(path): \(verdict)") }
                    if !isToken { state.refused.append("\(path): no idempotency token") }
                    state.received.append((path, form, request.bodyText))
                    return state.answers[path] ?? ""
                }
                connection.answer(200, headers: ["Content-Type: text/xml"], answer)
            }
        }
    }

    func stop() { server.stop() }

    func url(_ path: String) -> String { server.url + path }

    func answer(_ path: String, _ document: String) {
        state.state.withLock { $0.answers[path] = document }
    }

    /// What came to a path, in order.
    func at(_ path: String) -> [FormBody] {
        state.state.withLock { $0.received.filter { $0.path == path }.map(\.form) }
    }

    /// The same, undecoded.
    func bodies(at path: String) -> [String] {
        state.state.withLock { $0.received.filter { $0.path == path }.map(\.body) }
    }

    /// Webhooks that were not signed by the account's token.
    var refused: [String] { state.state.withLock { $0.refused } }
}
