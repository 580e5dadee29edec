import GraphQL
import NIOCore
import NIOHTTP1
import OrderedCollections

/// `/healthz`, `/readyz` and `/metrics`: for the machinery around the server.
struct OperationsEndpoints: Sendable {
    let readiness: Readiness
    let metrics: PrometheusRegistry
    /// Whether the server is on its way down.
    let isStopping: @Sendable () -> Bool

    /// The process is up and answers.
    func health(_ method: HTTPMethod) -> Reply {
        Self.guarded(method) { Self.json(.ok, ["status": "ok"]) }
    }

    /// Requests may be sent here.
    func readiness(_ method: HTTPMethod) async -> Reply {
        guard Self.isRead(method) else { return Self.wrongMethod.reply() }
        var checks: OrderedDictionary<String, JSONValue> = [:]
        var isReady = true
        for (name, problem) in await readiness.outcomes() {
            checks[name] = .string(problem ?? "ok")
            if problem != nil { isReady = false }
        }
        if isStopping() {
            checks["shutdown"] = "The server is stopping."
            isReady = false
        }
        let body: OrderedDictionary<String, JSONValue> = [
            "status": isReady ? "ready" : "unavailable", "checks": .object(checks),
        ]
        var reply = Self.json(isReady ? .ok : .serviceUnavailable, body)
        if !isReady { reply.headers[.retryAfter] = "1" }
        return reply
    }

    /// Prometheus reads this.
    func metrics(_ method: HTTPMethod) -> Reply {
        Self.guarded(method) {
            Reply(.ok, contentType: PrometheusText.contentType, body: ByteBuffer(string: metrics.render()))
        }
    }

    private static func guarded(_ method: HTTPMethod, _ reply: () -> Reply) -> Reply {
        isRead(method) ? reply() : wrongMethod.reply()
    }

    private static func isRead(_ method: HTTPMethod) -> Bool {
        method == .GET || method == .HEAD
    }

    private static var wrongMethod: Refusal {
        Refusal(.methodNotAllowed, .methodNotAllowed, "Use GET.", headers: [.allow: "GET, HEAD"])
    }

    private static func json(
        _ status: Status, _ members: OrderedDictionary<String, JSONValue>
    ) -> Reply {
        var reply = Reply(
            status, contentType: "application/json; charset=utf-8",
            body: ByteBuffer(bytes: JSONValue.object(members).bytes))
        reply.headers[.cacheControl] = "no-store"
        return reply
    }
}
